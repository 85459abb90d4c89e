import { setTimeout as sleep } from 'node:timers/promises'
import { isSilent, waitForAlert } from '../alerts/index.ts'
import type { Proof } from '../journal/index.ts'
import type { LabStatus } from '../lab-port/index.ts'

/** How a wait ended. */
type Wait = { readonly reached: true } | { readonly reached: false; readonly reason: string }

/** What tells a drill that the fault is there, and that it is gone. */
export interface Signal {
  readonly kind: Exclude<Proof['signal'], 'diagnose'>
  readonly name: string
  wait(until: 'firing' | 'resolved', timeout: number, stop: AbortSignal): Promise<Wait>
}

/** Milliseconds between two questions. */
const INTERVAL = 200

/**
 * The signal for an alert: Alertmanager, in which it fires; for the alert that always fires, the dead man's switch, which it stops to
 * reach. Nothing where nobody can tell.
 */
export function findSignal(
  alert: string | undefined,
  { alertmanagerUrl, deadMansSwitch }: Pick<LabStatus, 'alertmanagerUrl' | 'deadMansSwitch'>,
): Signal | undefined {
  if (alert === undefined) return undefined
  if (alert === deadMansSwitch?.alert)
    return {
      kind: 'dead-mans-switch',
      name: `silence of ${alert}`,
      wait: (until, timeout, stop) => waitForSilence(deadMansSwitch, until === 'firing', timeout, stop),
    }
  if (alertmanagerUrl === undefined) return undefined
  return {
    kind: 'alertmanager',
    name: alert,
    wait: (state, timeout, signal) => waitForAlert(alertmanagerUrl, { alertname: alert }, { state, timeout, signal }),
  }
}

async function waitForSilence(
  watched: NonNullable<LabStatus['deadMansSwitch']>,
  silent: boolean,
  timeout: number,
  stop: AbortSignal,
): Promise<Wait> {
  const deadline = performance.now() + timeout
  for (;;) {
    stop.throwIfAborted()
    const found = await isSilent(watched, stop).catch(String)
    if (found === silent) return { reached: true }
    if (performance.now() >= deadline) return { reached: false, reason: explain(watched.alert, found) }
    await sleep(INTERVAL, undefined, { signal: stop }).catch(() => stop.throwIfAborted())
  }
}

function explain(alert: string, found: boolean | string): string {
  if (typeof found === 'string') return found
  return found ? `${alert} does not arrive at the dead man’s switch again` : `${alert} goes on to arrive`
}
