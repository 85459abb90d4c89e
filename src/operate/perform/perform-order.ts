import * as z from 'zod/mini'
import { UsageError } from '../errors.ts'
import type { Ports, RunListener } from '../ports.ts'
import { ASKS_NOBODY, demandPage, explainRefusal, type OrderAnswer } from './order-answer.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import { prepareRun } from './prepare-run.ts'

/** What a client orders of a runner: which page to run as which run, and exactly what that page must be. */
export const runOrderSchema = z.strictObject({
  run: z.string(),
  /** The page's id. */
  page: z.string(),
  /** SHA-256 of the page that whoever ordered it has read. */
  contentHash: z.string(),
  environment: z.string(),
  params: z.record(z.string(), z.string()),
  alert: z.optional(z.string()),
  /** Who somebody on an account that several people use says that they are. */
  as: z.optional(z.string()),
})

/** What a client orders of a runner. */
export type RunOrder = z.infer<typeof runOrderSchema>

/**
 * Runs a page that a client ordered, and that no person looks at here: what it asks is asked through the store. `answer` hears whether the
 * run begins, before its first step. Rejects with what has no place in that answer.
 */
export async function performOrder(
  { run, page, contentHash, params, ...order }: RunOrder,
  ports: Omit<Ports, 'prompter'>,
  listener: RunListener & { readonly answer: (answer: OrderAnswer) => void },
): Promise<PerformedRun | undefined> {
  try {
    const given = Object.entries(params).map(([name, value]) => `${name}=${value}`)
    const prompter = ASKS_NOBODY
    const look = (text: string) => demandPage(text, contentHash)
    const ready = await prepareRun({ page, ...order, params: given, look }, { ...ports, prompter })
    if (!ready) throw new UsageError('A parameter is missing')
    // Another name of it, or a path, is not what the browser shows.
    if (ready.request.procedure.id !== page) throw new UsageError(`There is no page ${page}`)
    return await performRun(
      { ...ready, run },
      { ...ports, prompter },
      {
        ...listener,
        event(event) {
          // By then it is on record, for whoever asks for it next.
          if (event.type === 'run.started') listener.answer({ begun: run })
          listener.event(event)
        },
      },
    )
  } catch (error) {
    const refused = explainRefusal(error)
    if (!refused) throw error
    listener.answer(refused)
    return undefined
  }
}
