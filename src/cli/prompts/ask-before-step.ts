import type { Environment } from '../../environments/index.ts'
import type { Answer, StepQuestion } from '../../runner/index.ts'
import { askReason } from './ask-reason.ts'
import { discardTypedAhead } from './discard-typed-ahead.ts'
import { showBlock } from './show-block.ts'

/** Asks a person in the terminal whether a step may run; a dangerous one wants the environment's name typed. */
export async function askBeforeStep(
  question: StepQuestion,
  environment: Environment,
  signal: AbortSignal,
): Promise<Answer> {
  const { isCancel, log, select } = await import('@clack/prompts')
  await discardTypedAhead()
  const { step, why, number, of, next } = question
  log.step(`Step ${number} of ${of} · ${step.title} · ${step.risk} in ${environment.name}`)
  if (why !== undefined) log.info(`Suggested: ${why}`)
  showBlock(step.block.code)
  for (;;) {
    const answer = await select<'run' | 'skip' | 'show' | 'back' | 'to-end' | 'stop'>({
      message: step.risk === 'danger' ? 'This cannot be rolled back. Run it?' : 'Run it?',
      options: [
        { value: 'run', label: 'Run it', ...(next ? { hint: `then: ${next.title}` } : {}) },
        { value: 'skip', label: 'Skip it, with a reason' },
        { value: 'show', label: 'Show the whole block' },
        ...(number > 1 ? [{ value: 'back' as const, label: 'Back to the step before' }] : []),
        ...(step.risk === 'danger'
          ? []
          : [{ value: 'to-end' as const, label: 'Run to the end', hint: 'asks again only before danger' }]),
        { value: 'stop', label: 'Stop here', hint: 'can be resumed' },
      ],
      signal,
    })
    if (isCancel(answer)) return 'stop'
    if (answer === 'show') showBlock(step.block.code, Number.POSITIVE_INFINITY)
    else if (answer === 'skip') {
      const reason = await askReason('Why is it skipped?', signal)
      if (reason !== undefined) return { skip: reason }
    } else if (answer !== 'run' || step.risk !== 'danger' || (await typeName(environment, signal))) return answer
  }
}

/** Whether the environment's name was typed. */
async function typeName({ name }: Environment, signal: AbortSignal): Promise<boolean> {
  const { isCancel, text } = await import('@clack/prompts')
  const typed = await text({
    message: `Type ${name} to run it there`,
    validate: value => (value === name ? undefined : `That is not ${name}`),
    signal,
  })
  return !isCancel(typed)
}
