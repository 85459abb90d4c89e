import { describeWaking, type Notified } from '../journal/index.ts'
import type { Drill } from '../procedure/index.ts'

/** The severity of alerts that wake somebody. */
const WAKING = 'critical'

/**
 * Why the notifications of a drill are not as they should be; nothing when they are. An alert that is critical wakes somebody, once; any
 * other makes a ticket. A second fault may wake somebody once more. A drill that may wake more often than that says why.
 */
export function judgeNotified(
  alert: string,
  notified: readonly Notified[],
  { wakes: allowed, with: second }: Pick<Drill, 'wakes' | 'with'>,
): string | undefined {
  const own = notified.filter(({ alerts }) => alerts.includes(alert))
  if (own.length === 0) return `nobody was notified of ${alert}`
  const missed = notified.find(({ wakes, severities }) => !wakes && severities.includes(WAKING))
  if (missed) return `a ${WAKING} alert went to ${missed.receiver}, which wakes nobody`
  const needless = notified.find(({ wakes, severities }) => wakes && severities.some(severity => severity !== WAKING))
  if (needless) return `${needless.receiver} woke somebody for an alert that is not ${WAKING}`
  const waking = notified.filter(({ wakes }) => wakes)
  const times = waking.reduce((sum, one) => sum + one.times, 0)
  const most = allowed?.atMost ?? Number(own.some(({ wakes }) => wakes)) + Number(second !== undefined)
  if (times <= most) return undefined
  return `it ${describeWaking({ notifications: notified })} (${waking.flatMap(({ alerts }) => alerts).join(', ')}), not at most ${most} times`
}
