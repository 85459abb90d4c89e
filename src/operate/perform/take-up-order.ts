import * as z from 'zod/mini'
import { RefusedError, UsageError } from '../errors.ts'
import type { Ports, Prompter, RunListener } from '../ports.ts'
import { ASKS_NOBODY, demandPage, explainRefusal, type OrderAnswer } from './order-answer.ts'
import { resumeRun } from './resume-run.ts'
import { rollBackRun } from './roll-back-run.ts'

/** What a client orders of a runner with a run that there is: to resume it, or to roll back what it left. */
export const takeUpOrderSchema = z.strictObject({
  do: z.enum(['resume', 'roll-back']),
  run: z.string(),
  /** SHA-256 of the page that whoever ordered it has read. */
  contentHash: z.string(),
  /** The id of the run that rolls it back. */
  newRun: z.optional(z.string()),
  interrupted: z.optional(z.enum(['repeat', 'skip'])),
  as: z.optional(z.string()),
})

/** What a client orders of a runner with a run that there is. */
export type TakeUpOrder = z.infer<typeof takeUpOrderSchema>

/**
 * Resumes or rolls back a run that a client ordered, and that no person looks at here: what it asks is asked through the store. What would be
 * asked before it begins is refused, with the command that asks it in a terminal. `answer` hears whether it begins, before its first step.
 */
export async function performTakeUp(
  { do: what, run, contentHash, newRun, interrupted, as }: TakeUpOrder,
  ports: Omit<Ports, 'prompter'>,
  listener: RunListener & { readonly answer: (answer: OrderAnswer) => void },
): Promise<boolean> {
  const options = { run, params: [], as, look: (text: string) => demandPage(text, contentHash) }
  const asking = { ...ports, prompter: refuseAsking(what, run) }
  const hears: RunListener = {
    ...listener,
    event(event) {
      // By then it is on record, for whoever asks for it next.
      if (event.type === 'run.started' || event.type === 'run.resumed') listener.answer({ begun: event.run })
      listener.event(event)
    },
  }
  try {
    const done =
      what === 'resume'
        ? await resumeRun({ ...options, interrupted }, asking, hears)
        : await rollBackRun({ ...options, newRun }, asking, hears)
    if (done && 'nothingLeft' in done) throw new RefusedError(`Nothing of run ${run} is left to roll back`)
    if (!done) throw new UsageError(`Run ${run} cannot be taken up here`, `In a terminal: handbook runs ${what} ${run}`)
    return true
  } catch (error) {
    const refused = explainRefusal(error)
    if (!refused) throw error
    listener.answer(refused)
    return false
  }
}

/** Whoever pressed a button cannot be asked what a terminal would ask before the run goes on. */
function refuseAsking(what: TakeUpOrder['do'], run: string): Prompter {
  const terminal = `Look at it, and answer in a terminal: handbook runs ${what} ${run}`
  return {
    ...ASKS_NOBODY,
    accept: async changes => {
      throw new RefusedError(`Something is not what it was: ${changes.join('; ')}`, terminal)
    },
    interrupted: async ({ title }) => {
      throw new RefusedError(`“${title}” was interrupted: it may be only partially done`, terminal)
    },
    params: async params => {
      throw new RefusedError(
        `Secret parameters are not recorded: ${params.map(({ name }) => name).join(', ')}`,
        terminal,
      )
    },
  }
}
