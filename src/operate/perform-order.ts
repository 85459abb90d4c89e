import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { BrokenPageError, RefusedError, UsageError } from './errors.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import type { Ports, Prompter, RunListener } from './ports.ts'
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

/** What becomes of an order: the run has begun, or why it has not. `changed`: the page is another one by now. */
export type OrderAnswer =
  | { readonly begun: string }
  | { readonly refused: 'changed' | 'wrong' | 'not-now'; readonly message: string; readonly hint?: string }

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
    const refused = explain(error)
    if (!refused) throw error
    listener.answer(refused)
    return undefined
  }
}

/** Throws when a page is another one than whoever ordered its run has read. */
function demandPage(text: string, contentHash: string): void {
  if (createHash('sha256').update(text).digest('hex') !== contentHash) throw new ChangedPageError()
}

class ChangedPageError extends Error {
  override readonly name = 'ChangedPageError'
}

function explain(error: unknown): OrderAnswer | undefined {
  if (error instanceof ChangedPageError) {
    const message = 'The page has changed since it was published here'
    return { refused: 'changed', message, hint: 'Build the site again, and read the page as it is now' }
  }
  if (error instanceof BrokenPageError) {
    const [first] = error.problems
    const where = first ? `: line ${first.line}: ${first.message}` : ''
    return { refused: 'wrong', message: `${error.message}${where}` }
  }
  if (!(error instanceof UsageError || error instanceof RefusedError)) return undefined
  const { message, hint } = error
  const refused = error instanceof RefusedError ? 'not-now' : 'wrong'
  return { refused, message, ...(hint === undefined ? {} : { hint }) }
}

/** Nobody is here: whoever answers does so through the store. It waits as long as it may, and then the run stops. */
const ASKS_NOBODY: Prompter = {
  confirm: (_, __, signal) => untilAborted(signal, 'stop'),
  afterFailure: (_, __, signal) => untilAborted(signal, 'stop'),
  name: async () => undefined,
  accept: async () => false,
  interrupted: async () => 'stop',
  async params(params, defaults) {
    const missing = params.filter(({ name }) => defaults[name] === undefined)
    if (missing.length === 0) return { ...defaults }
    throw new UsageError(
      `The parameter ${missing.map(({ name }) => name).join(', ')} has no default and was not given`,
      missing.map(({ name, description }) => `${name}: ${description ?? ''}`).join('; '),
    )
  },
}

function untilAborted<T>(signal: AbortSignal, value: T): Promise<T> {
  return new Promise(resolve => {
    if (signal.aborted) resolve(value)
    signal.addEventListener('abort', () => resolve(value), { once: true })
  })
}
