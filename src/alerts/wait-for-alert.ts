import type { Alert, AlertMatcher } from './alertmanager.ts'

/** What to wait for, and how long. */
export interface WaitForAlertOptions {
  readonly state: 'firing' | 'resolved'
  /** Milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal
}

/** How a wait for an alert ended. */
export type AlertWait =
  | { readonly reached: true; readonly seconds: number; readonly alerts: readonly Alert[] }
  | { readonly reached: false; readonly seconds: number; readonly alerts: readonly Alert[]; readonly reason: string }

/** Waits until an alert with these labels fires in Alertmanager, or until none does. */
export async function waitForAlert(
  _url: string,
  _matcher: AlertMatcher,
  _options: WaitForAlertOptions,
): Promise<AlertWait> {
  throw new Error('not yet')
}
