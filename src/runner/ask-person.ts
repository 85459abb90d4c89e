import type { GivenAnswer, Question, StepResult } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Answer, FailureAnswer, Run, RunPorts, StepPlace, StepQuestion } from './run.ts'

/** Asks about a step, here and through the store: whoever answers first is heard. */
export function askBeforeStep(run: Run, question: StepQuestion): Promise<Answer> {
  const { step, number } = question
  return ask(
    run,
    {
      step: step.id,
      message: `May “${step.title}” run?`,
      ...tellAbout(step),
      choices: ['run', 'skip', ...(number > 1 ? ['back'] : []), ...(step.risk === 'danger' ? [] : ['to-end']), 'stop'],
      withReason: ['skip'],
    },
    signal => run.ports.confirm(question, signal),
    answer => {
      if (answer.choice === 'skip') return { skip: answer.reason ?? '' }
      const known = (['run', 'back', 'to-end'] as const).find(choice => choice === answer.choice)
      return known ?? 'stop'
    },
  )
}

/** Asks what to do about a step that did not pass, here and through the store. */
export function askAfterFailure(
  run: Run,
  askHere: NonNullable<RunPorts['afterFailure']>,
  step: Step,
  result: StepResult,
  place: StepPlace,
): Promise<FailureAnswer> {
  const more = step.phase === 'diagnose' ? [] : ['skip', 'roll-back']
  return ask(
    run,
    {
      step: step.id,
      message: `“${step.title}” did not pass. What now?`,
      ...tellAbout(step),
      choices: ['end', 'retry', ...more, 'stop'],
      withReason: ['skip'],
    },
    signal => askHere(step, result, place, signal),
    answer => {
      if (answer.choice === 'skip') return { skip: answer.reason ?? '' }
      const known = (['retry', 'roll-back', 'end'] as const).find(choice => choice === answer.choice)
      return known ?? 'stop'
    },
  )
}

function tellAbout({ block: { prose } }: Step): Pick<Question, 'about'> {
  return prose === undefined ? {} : { about: /^.+?[.?!:](?=\s+\p{Lu}|$)/u.exec(prose)?.[0] ?? prose }
}

/** The command by which a run goes on in a terminal. */
export function nameWayOn({ request: { rollsBack }, ports }: Pick<Run, 'request' | 'ports'>): string {
  return rollsBack ? `handbook runs roll-back ${rollsBack.run}` : `handbook runs resume ${ports.writer.run}`
}

async function ask<A extends string | { readonly skip: string }>(
  { ports, request, redaction, emit }: Run,
  question: Question,
  askHere: (signal: AbortSignal) => Promise<A>,
  read: (answer: GivenAnswer) => A,
): Promise<A> {
  // An answer in the store is proof of nobody: where a change wants a person's terminal, it is asked there alone.
  if (request.environment.changes === 'terminal' && !request.handsOver) return askHere(ports.signal)
  // What cannot be kept is asked here alone.
  const asked = await ports.writer.ask(question).catch(error => {
    const why = error instanceof Error ? error.message : String(error)
    const where = ports.away
      ? `this question can be asked nowhere, and the run stops. Go on in a terminal: ${nameWayOn({ request, ports })}`
      : 'this question is asked only where the run goes on'
    void emit({ type: 'run.warned', message: `${where}: ${why}` })
    return undefined
  })
  if (!asked) return ports.away ? read({ choice: 'stop', by: request.by }) : askHere(ports.signal)
  const settled = new AbortController()
  const signal = AbortSignal.any([ports.signal, settled.signal])
  const here = askHere(signal)
  const elsewhere = asked.answered(signal)
  const first = await Promise.race([
    here.then(answer => ({ answer, here: true as const })),
    elsewhere.then(async answer =>
      answer === undefined ? { answer: await here, here: true as const } : { answer, here: false as const },
    ),
  ]).finally(() => settled.abort())
  if (first.here) {
    const answer = first.answer
    const given =
      typeof answer === 'string' ? { choice: answer } : { choice: 'skip', reason: redaction.text(answer.skip) }
    const own: GivenAnswer = { ...given, by: request.by }
    const counts = await asked.settle(own).catch(() => own)
    if (counts !== own) await tellAnswer(question, counts, emit)
    return read(counts)
  }
  // The prompt gives the terminal back before the run goes on.
  await here.catch(() => undefined)
  await tellAnswer(question, first.answer, emit)
  return read(first.answer)
}

/** Records who answered elsewhere: a run's own person is on record already. */
async function tellAnswer({ step }: Question, { choice, reason, by }: GivenAnswer, emit: Run['emit']): Promise<void> {
  await emit({ type: 'run.answered', step, choice, ...(reason?.trim() ? { reason } : {}), by })
}
