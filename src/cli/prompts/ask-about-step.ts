import pc from 'picocolors'
import { countOf, makeVisible } from '../../base/index.ts'
import type { Environment } from '../../environments/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Answer, FailureAnswer, StepPlace, StepQuestion } from '../../runner/index.ts'
import { print } from '../print.ts'

/** Asks a person in the terminal whether a step may run; a dangerous one wants the environment's name typed. */
export async function askBeforeStep(
  question: StepQuestion,
  environment: Environment,
  signal: AbortSignal,
): Promise<Answer> {
  const { isCancel, log, select } = await import('@clack/prompts')
  await discardTypedAhead()
  const { step, why, number, of, next } = question
  log.step(makeVisible(`Step ${number} of ${of} · ${step.title} · ${step.risk} in ${environment.name}`))
  if (why !== undefined) log.info(makeVisible(`Suggested: ${why}`))
  showBlock(step.block.code)
  for (;;) {
    const answer = await select<'run' | 'skip' | 'show' | 'back' | 'to-end' | 'stop'>({
      message: step.risk === 'danger' ? 'This cannot be rolled back. Run it?' : 'Run it?',
      options: [
        { value: 'run', label: 'Run it', ...(next ? { hint: makeVisible(`then: ${next.title}`) } : {}) },
        { value: 'skip', label: 'Skip it, with a reason' },
        ...(isCut(step.block.code) ? [{ value: 'show' as const, label: 'Show the whole block' }] : []),
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

/** Asks a person what to do about a step that did not pass. */
export async function askAfterFailure(step: Step, place: StepPlace, signal: AbortSignal): Promise<FailureAnswer> {
  const { isCancel, select } = await import('@clack/prompts')
  await discardTypedAhead()
  const diagnosing = step.phase === 'diagnose'
  const next = place.next ? { hint: makeVisible(`to: ${place.next.title}`) } : {}
  for (;;) {
    const answer = await select<'retry' | 'skip' | 'roll-back' | 'stop' | 'end'>({
      message: makeVisible(`“${step.title}” did not pass. What now?`),
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

/** Asks what to do about a step that may be only partially done. */
export async function askInterrupted(step: Step): Promise<'repeat' | 'skip' | 'stop'> {
  const { isCancel, log, select } = await import('@clack/prompts')
  await discardTypedAhead()
  log.warn(makeVisible(`“${step.title}” was interrupted: it may be only partially done`))
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

/** Asks whether to continue although things are not what they were; no unless somebody says so. */
export async function askToAccept(changes: readonly string[], question: string): Promise<boolean> {
  const { confirm, log } = await import('@clack/prompts')
  await discardTypedAhead()
  for (const change of changes) log.warn(makeVisible(change))
  return (await confirm({ message: makeVisible(question), initialValue: false })) === true
}

/** Whether the environment's name was typed. */
async function typeName({ name }: Environment, signal: AbortSignal): Promise<boolean> {
  const { isCancel, text } = await import('@clack/prompts')
  const typed = await text({
    message: makeVisible(`Type ${name} to run it there`),
    validate: value => (value === name ? undefined : `That is not ${name}`),
    signal,
  })
  return !isCancel(typed)
}

/** Asks for a reason; nothing when the person thinks better of it. */
async function askReason(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts')
  const reason = await text({
    message,
    validate: value => (value?.trim() ? undefined : 'A few words for people who read this later'),
    signal,
  })
  return isCancel(reason) ? undefined : reason.trim()
}

/** Lines of a block that are shown unasked. */
const SHOWN = 12

/** Shows a block's code, or its beginning. */
export function showBlock(code: string, limit = SHOWN): void {
  const lines = code.split('\n')
  const shown = isCut(code, limit) ? lines.slice(0, limit) : lines
  for (const line of shown) print(`${pc.gray('│')}  ${line}\n`)
  if (shown.length < lines.length) print(pc.gray(`│  … ${countOf(lines.length - shown.length, 'more line')}\n`))
}

/** Whether a block is shown unasked only in part. */
function isCut(code: string, limit = SHOWN): boolean {
  return code.split('\n').length > limit + 1
}

/** Milliseconds within which what was typed before arrives. */
const PAUSE = 30

/** Throws away what was typed while nobody asked: an impatient Enter must not answer the next question. */
async function discardTypedAhead(): Promise<void> {
  const { stdin } = process
  if (!stdin.isTTY) return
  stdin.setRawMode(true)
  const ignore = () => {}
  stdin.on('data', ignore)
  stdin.resume()
  await new Promise(resolve => setTimeout(resolve, PAUSE))
  stdin.pause()
  stdin.off('data', ignore)
  stdin.setRawMode(false)
}
