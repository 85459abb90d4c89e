import { setTimeout as sleep } from 'node:timers/promises'
import type { AlertMatcher } from './alertmanager.ts'
import { type FiringAlert, listFiring } from './firing.ts'

/** What to wait for, and how long. */
export interface WaitForAlertOptions {
  readonly state: 'firing' | 'resolved'
  /** Milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal
}

/** How a wait for an alert ended. */
export type AlertWait =
  | { readonly reached: true; readonly seconds: number; readonly alerts: readonly FiringAlert[] }
  | {
      readonly reached: false
      readonly seconds: number
      readonly alerts: readonly FiringAlert[]
      readonly reason: string
    }

const INTERVAL = 100

/**
 * Waits until an alert with these labels fires in Alertmanager, or until none does, by `listFiring`.
 * If Alertmanager does not answer, the wait goes on. When the time is up, its last error is the reason.
 * Throws only the signal's reason.
 */
export async function waitForAlert(
  url: string,
  matcher: AlertMatcher,
  options: WaitForAlertOptions,
): Promise<AlertWait> {
  const { state, timeout, signal } = options
  const start = performance.now()
  let alerts: readonly FiringAlert[] = []
  let failure: string | undefined
  for (;;) {
    signal?.throwIfAborted()
    try {
      alerts = await listFiring(url, matcher, signal)
      failure = undefined
    } catch (error) {
      signal?.throwIfAborted()
      failure = error instanceof Error ? error.message : String(error)
    }
    const seconds = (performance.now() - start) / 1000
    if (failure === undefined && alerts.length > 0 === (state === 'firing')) return { reached: true, seconds, alerts }
    if (seconds * 1000 >= timeout)
      return { reached: false, seconds, alerts, reason: failure ?? describe(state, matcher, alerts) }
    await sleep(INTERVAL, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted())
  }
}

function describe(state: WaitForAlertOptions['state'], matcher: AlertMatcher, [first]: readonly FiringAlert[]): string {
  const labels = Object.entries(matcher).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const alert = `the alert {${labels.join(', ')}}`
  if (state === 'firing') return `${alert} did not fire`
  return `${alert} still fires${first?.quiet === undefined ? '' : `, and is ${first.quiet}`}`
}
