import type { Refusal } from '../../../wire/index.ts'
import { ask } from './ask.ts'
import { pause, waitBeforeRetry } from './wait-before-retry.ts'

/** What came of a press. */
export type PressResult<T> =
  | { readonly state: 'answered'; readonly body: T }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'given-up' }
  /** It was sent for as long as somebody may still mean it. Whether it was done is not known. */
  | { readonly state: 'late' }

/** Milliseconds after which nobody's press is sent again: what it was about may be otherwise by then. */
export const SENT_FOR = 120_000

/**
 * Sends what somebody pressed until the server answers, for two minutes at most. Its key is the same each time, so that the server does it once, also when an answer
 * was lost on its way. `lost` hears of each try whose answer did not come, or said that it cannot be done now.
 */
export async function sendPress<T>(
  path: string,
  body: { readonly key: string },
  signal: AbortSignal,
  lost: (refusal: Refusal | undefined) => void,
): Promise<PressResult<T>> {
  const began = Date.now()
  for (let failures = 0; !signal.aborted; ) {
    if (Date.now() - began > SENT_FOR) return { state: 'late' }
    const answered = await ask<T>(path, signal, body)
    if (answered.state !== 'lost') return answered
    if (signal.aborted) break
    lost(answered.refusal)
    failures += 1
    await pause(waitBeforeRetry(failures, Math.random()), signal)
  }
  return { state: 'given-up' }
}
