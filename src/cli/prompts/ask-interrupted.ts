import type { Step } from '../../procedure/index.ts'
import { discardTypedAhead } from './discard-typed-ahead.ts'
import { showBlock } from './show-block.ts'

/** Asks what to do about a step that may be only partially done. */
export async function askInterrupted(step: Step): Promise<'repeat' | 'skip' | 'stop'> {
  const { isCancel, log, select } = await import('@clack/prompts')
  await discardTypedAhead()
  log.warn(`“${step.title}” was interrupted: it may be only partially done`)
  showBlock(step.block.code)
  const answer = await select<'repeat' | 'skip' | 'stop'>({
    message: 'What should the run do?',
    options: [
      { value: 'repeat', label: 'Run it again', hint: 'if doing it twice does no harm' },
      { value: 'skip', label: 'Skip it, and continue after it', hint: 'it still counts as done' },
      { value: 'stop', label: 'Stop here: look first, resume later' },
    ],
  })
  return isCancel(answer) ? 'stop' : answer
}
