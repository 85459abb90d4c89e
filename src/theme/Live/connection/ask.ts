import type { Refusal } from '../../../wire/index.ts'

/** What a server answered, or why it did not. `lost`: nobody knows what it did, and it may be asked again; with a refusal, it said why it cannot now. */
export type Answered<T> =
  | { readonly state: 'answered'; readonly body: T }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'lost'; readonly why: string; readonly refusal?: Refusal }

/** The longest time that an answer may take, in milliseconds. */
const PATIENCE = 8000

/** Asks the server that gave out this page for what stands at a path. */
export async function ask<T>(path: string, signal?: AbortSignal, body?: object): Promise<Answered<T>> {
  const limits = [AbortSignal.timeout(PATIENCE), ...(signal ? [signal] : [])]
  try {
    const response = await fetch(path, {
      signal: AbortSignal.any(limits),
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    if (response.ok) return { state: 'answered', body: await response.json() }
    const refusal = await readRefusal(response)
    // The server, or what stands before it, is not itself: it may be so again.
    if (response.status >= 500 || response.status === 429) return { state: 'lost', why: sayRefusal(refusal), refusal }
    return { state: 'refused', refusal }
  } catch (error) {
    return { state: 'lost', why: error instanceof Error ? error.message : String(error) }
  }
}

/** Why a request was refused; an answer that does not say it is named by its number. */
export async function readRefusal(response: Response): Promise<Refusal> {
  const { status } = response
  const unsaid = { type: 'about:blank', title: `The server refused this with ${status}`, status }
  try {
    const body: Partial<Refusal> = await response.json()
    return typeof body.title === 'string' ? { ...unsaid, ...body } : unsaid
  } catch {
    return unsaid
  }
}

/** A refusal in a sentence. */
export function sayRefusal({ title, detail }: Refusal): string {
  return detail === undefined ? title : `${title}: ${detail}`
}
