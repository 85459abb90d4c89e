import pc from 'picocolors'
import { makeVisible } from '../../base/index.ts'
import type { Environment } from '../../environments/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Answer, FailureAnswer, StepPlace, StepQuestion } from '../../runner/index.ts'
import { printForeign } from '../print.ts'
import { ask, discardTypedAhead } from './ask.ts'
import { findTyped, inPrompt, inTypedPrompt, showStep, wordQuestion } from './show-step.ts'

/** Asks a person in the terminal whether a step may run; a dangerous one may want a word typed. */
export async function promptBeforeStep(
  question: StepQuestion,
  environment: Environment,
  signal: AbortSignal,
): Promise<Answer> {
  const { log, select } = await import('@clack/prompts')
  if (await discardTypedAhead()) return 'stop'
  const { step, number, next } = question
  showStep(question, environment, log, showBlock)
  const options = [
    { value: 'run' as const, label: 'Run it', ...(next ? { hint: makeVisible(`then: ${next.title}`) } : {}) },
    { value: 'skip' as const, label: 'Skip it, with a reason' },
    ...(number > 1 ? [{ value: 'back' as const, label: 'Back to the step before' }] : []),
    ...(step.risk === 'danger'
      ? []
      : [{ value: 'to-end' as const, label: 'Run to the end', hint: 'asks again only before danger' }]),
    { value: 'stop' as const, label: 'Stop here', hint: 'can be resumed' },
  ]
  const message = wordQuestion(question, environment)
  const typed = findTyped(question, environment)
  for (;;) {
    const answer = await ask(signal => select<Choice>({ message, options, signal }), signal)
    if (answer === undefined) return 'stop'
    if (answer === 'skip') {
      const reason = await askReason('Why is it skipped?', signal)
      if (reason !== undefined) return { skip: reason }
    } else if (answer !== 'run' || typed === undefined || (await typeWord(typed, signal))) return answer
  }
}

type Choice = 'run' | 'skip' | 'back' | 'to-end' | 'stop'

/** Asks a person what to do about a step that did not pass. */
export async function promptAfterFailure(step: Step, place: StepPlace, signal: AbortSignal): Promise<FailureAnswer> {
  const { select } = await import('@clack/prompts')
  if (await discardTypedAhead()) return 'stop'
  const diagnosing = step.phase === 'diagnose'
  const next = place.next ? { hint: makeVisible(`to: ${place.next.title}`) } : {}
  const options = [
    ...(diagnosing ? [{ value: 'end' as const, label: 'Continue', ...next }] : []),
    { value: 'retry' as const, label: 'Run it again' },
    ...(diagnosing ? [] : [{ value: 'skip' as const, label: 'Continue without it, with a reason', ...next }]),
    ...(diagnosing
      ? []
      : [{ value: 'roll-back' as const, label: 'Roll back', hint: 'rolls back what was done, last step first' }]),
    { value: 'stop' as const, label: 'Stop here', hint: 'can be resumed' },
    ...(diagnosing ? [] : [{ value: 'end' as const, label: 'Give up', hint: 'the run ends as failed' }]),
  ]
  const message = inPrompt(`“${step.title}” did not pass. What now?`)
  for (;;) {
    const answer = await ask(
      signal => select<'retry' | 'skip' | 'roll-back' | 'stop' | 'end'>({ message, options, signal }),
      signal,
    )
    if (answer === undefined) return 'stop'
    if (answer !== 'skip') return answer
    const reason = await askReason('Why do you continue without it?', signal)
    if (reason !== undefined) return { skip: reason }
  }
}

/** Asks what to do about a step that may be only partially done. */
export async function askInterrupted(step: Step, signal: AbortSignal): Promise<'repeat' | 'skip' | 'stop'> {
  const { log, select } = await import('@clack/prompts')
  if (await discardTypedAhead()) return 'stop'
  log.warn(inPrompt(`“${step.title}” was interrupted: it may be only partially done`))
  showBlock(step.block.code)
  const options = [
    { value: 'repeat' as const, label: 'Run it again', hint: 'if doing it twice does no harm' },
    { value: 'skip' as const, label: 'Skip it, and continue after it', hint: 'it still counts as done' },
    { value: 'stop' as const, label: 'Stop here: look first, resume later' },
  ]
  const message = 'What should the run do?'
  return (await ask(signal => select<'repeat' | 'skip' | 'stop'>({ message, options, signal }), signal)) ?? 'stop'
}

/** Asks whether to continue although things are not what they were; no unless somebody says so. */
export async function askToAccept(changes: readonly string[], question: string, signal: AbortSignal): Promise<boolean> {
  const { confirm, log } = await import('@clack/prompts')
  if (await discardTypedAhead()) return false
  for (const change of changes) log.warn(inPrompt(change))
  const prompt = (signal: AbortSignal) => confirm({ message: inPrompt(question), initialValue: false, signal })
  return (await ask(prompt, signal)) === true
}

/** Whether a word was typed that shows that somebody knows what they do. */
async function typeWord(
  { word, message }: NonNullable<ReturnType<typeof findTyped>>,
  signal: AbortSignal,
): Promise<boolean> {
  const { text } = await import('@clack/prompts')
  const validate = (value: string | undefined) => (value === word ? undefined : `That is not ${word}`)
  return (await ask(signal => text({ message, validate, signal }), signal)) !== undefined
}

/** Asks somebody on an account that several people use who they are. */
export async function askName(account: string, signal: AbortSignal): Promise<string | undefined> {
  const { text } = await import('@clack/prompts')
  if (await discardTypedAhead()) return undefined
  const message = `Several people use the account ${account}. Who are you? This is recorded as your claim`
  const validate = (value: string | undefined) =>
    /^[\w.@+-]+$/.test(value ?? '') && value !== account ? undefined : 'Your user name, without spaces'
  return ask(signal => text({ message: inTypedPrompt(message), validate, signal }), signal)
}

/** Asks for a reason; nothing when the person thinks better of it. */
export async function askReason(message: string, signal: AbortSignal): Promise<string | undefined> {
  const { text } = await import('@clack/prompts')
  const validate = (value: string | undefined) =>
    value?.trim() ? undefined : 'A few words for people who read this later'
  const reason = await ask(signal => text({ message: inTypedPrompt(message), validate, signal }), signal)
  return reason?.trim()
}

/** Shows all of a block's code: nobody says yes to a line that was not shown. */
export function showBlock(code: string): void {
  for (const line of code.split('\n')) printForeign(`${pc.gray('│')}  ${line}\n`)
}
