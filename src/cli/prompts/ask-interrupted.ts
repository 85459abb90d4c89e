import type { Step } from '../../procedure/index.ts'
import { discardTypedAhead } from './discard-typed-ahead.ts'
import { showBlock } from './show-block.ts'

/** Asks what to do about a step that may have happened by half. */
export async function askInterrupted(step: Step): Promise<'repeat' | 'skip' | 'stop'> {
  const { isCancel, log, select } = await import('@clack/prompts')
  await discardTypedAhead()
  log.warn(`“${step.title}” had begun, and nobody saw it end: it may have happened by half`)
  showBlock(step.block.code)
  const answer = await select<'repeat' | 'skip' | 'stop'>({
    message: 'What is to be done about it?',
    options: [
      { value: 'repeat', label: 'Run it again', hint: 'if doing it twice does no harm' },
      { value: 'skip', label: 'Leave it as it is, and go on after it', hint: 'it counts as taken' },
      { value: 'stop', label: 'Neither: look first, resume later' },
    ],
  })
  return isCancel(answer) ? 'stop' : answer
}
