import type { Refusal } from '../../../wire/index.ts'
import { ask } from './ask.ts'
import { pause, waitBeforeRetry } from './wait-before-retry.ts'

/** What came of a press. */
export type PressResult<T> =
  | { readonly state: 'answered'; readonly body: T }
  | { readonly state: 'refused'; readonly refusal: Refusal }
  | { readonly state: 'given-up' }

/**
 * Sends what somebody pressed until the server answers. Its key is the same each time, so that the server does it once, also when an answer
 * was lost on its way. `lost` hears of each try whose answer did not come.
 */
export async function sendPress<T>(
  path: string,
  body: { readonly key: string },
  signal: AbortSignal,
  lost: (why: string) => void,
): Promise<PressResult<T>> {
  for (let failures = 0; !signal.aborted; ) {
    const answered = await ask<T>(path, signal, body)
    if (answered.state !== 'lost') return answered
    if (signal.aborted) break
    lost(answered.why)
    failures += 1
    await pause(waitBeforeRetry(failures, Math.random()), signal)
  }
  return { state: 'given-up' }
}
