import { setTimeout as sleep } from 'node:timers/promises'
import type { Notified } from '../journal/index.ts'
import { type LabStatus, readNotifications } from '../lab-port/index.ts'

/** Where a lab lists its notifications. */
type Receivers = NonNullable<LabStatus['notifications']>

/** Milliseconds between two questions. */
const INTERVAL = 200

/**
 * Who was notified of what since a moment, by receiver in the order of their first notifications. Throws when the lab does not say it:
 * then nobody knows.
 */
export async function listNotified(
  { url, waking }: Receivers,
  since: Date,
  stop: AbortSignal,
): Promise<readonly Notified[]> {
  const answer = await fetch(url, { signal: AbortSignal.any([stop, AbortSignal.timeout(5000)]) })
  const after = readNotifications(await answer.json())
    .filter(({ at }) => new Date(at) >= since)
    .map(one => ({ ...one, seconds: Math.round((Date.parse(one.at) - since.getTime()) / 100) / 10 }))
    .sort((one, other) => one.seconds - other.seconds)
  return [...new Set(after.map(({ receiver }) => receiver))].map(receiver => {
    const own = after.filter(one => one.receiver === receiver)
    const alerts = own.flatMap(one => one.alerts)
    return {
      receiver,
      wakes: waking.includes(receiver),
      times: own.length,
      alerts: [...new Set(alerts.map(({ name }) => name))],
      severities: [...new Set(alerts.flatMap(({ severity }) => severity ?? []))],
      seconds: own[0]?.seconds ?? 0,
    }
  })
}

/** Waits until somebody was notified of an alert. Returns why not when the time is up, in milliseconds. */
export async function waitForNotification(
  receivers: Receivers,
  alert: string,
  { since, timeout, stop }: { readonly since: Date; readonly timeout: number; readonly stop: AbortSignal },
): Promise<string | undefined> {
  const deadline = performance.now() + timeout
  for (;;) {
    stop.throwIfAborted()
    const found = await listNotified(receivers, since, stop).catch(String)
    if (typeof found !== 'string' && found.some(({ alerts }) => alerts.includes(alert))) return undefined
    if (performance.now() >= deadline)
      return typeof found === 'string' ? `who was notified is unknown: ${found}` : `nobody was notified of ${alert}`
    await sleep(INTERVAL, undefined, { signal: stop }).catch(() => stop.throwIfAborted())
  }
}
