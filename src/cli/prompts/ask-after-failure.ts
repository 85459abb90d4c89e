import type { Step } from '../../procedure/index.ts'
import type { FailureAnswer, StepPlace } from '../../runner/index.ts'
import { askReason } from './ask-reason.ts'
import { discardTypedAhead } from './discard-typed-ahead.ts'

/** Asks a person what to do about a step that did not pass. */
export async function askAfterFailure(step: Step, place: StepPlace, signal: AbortSignal): Promise<FailureAnswer> {
  const { isCancel, select } = await import('@clack/prompts')
  await discardTypedAhead()
  const diagnosing = step.phase === 'diagnose'
  const next = place.next ? { hint: `to: ${place.next.title}` } : {}
  for (;;) {
    const answer = await select<'retry' | 'skip' | 'roll-back' | 'stop' | 'end'>({
      message: `“${step.title}” did not pass. What now?`,
      options: [
        ...(diagnosing ? [{ value: 'end' as const, label: 'Continue', ...next }] : []),
        { value: 'retry', label: 'Run it again' },
        ...(diagnosing ? [] : [{ value: 'skip' as const, label: 'Continue without it, with a reason', ...next }]),
        ...(diagnosing
          ? []
          : [{ value: 'roll-back' as const, label: 'Roll back', hint: 'rolls back what was done, last step first' }]),
        { value: 'stop', label: 'Stop here', hint: 'can be resumed' },
        ...(diagnosing ? [] : [{ value: 'end' as const, label: 'Give up', hint: 'the run ends as failed' }]),
      ],
      signal,
    })
    if (isCancel(answer)) return 'stop'
    if (answer !== 'skip') return answer
    const reason = await askReason('Why do you continue without it?', signal)
    if (reason !== undefined) return { skip: reason }
  }
}
