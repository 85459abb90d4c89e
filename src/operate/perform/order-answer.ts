import { createHash } from 'node:crypto'
import { BrokenPageError, RefusedError, UsageError } from '../errors.ts'
import type { Prompter } from '../ports.ts'

/** What becomes of an order: the run has begun, or why it has not. `changed`: the page is another one by now. */
export type OrderAnswer =
  | { readonly begun: string }
  | { readonly refused: 'changed' | 'wrong' | 'not-now'; readonly message: string; readonly hint?: string }

/** Throws when a page is another one than whoever ordered its run has read. */
export function demandPage(text: string, contentHash: string): void {
  if (createHash('sha256').update(text).digest('hex') !== contentHash) throw new ChangedPageError()
}

class ChangedPageError extends Error {
  override readonly name = 'ChangedPageError'
}

/** Why an order is not carried out; nothing for what has no place in an answer. */
export function explainRefusal(error: unknown): OrderAnswer | undefined {
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
export const ASKS_NOBODY: Prompter = {
  away: true,
  confirm: (_, __, signal) => untilAborted(signal, 'stop'),
  afterFailure: (_, __, signal) => untilAborted(signal, 'stop'),
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
