import { countOf } from '../base/index.ts'
import type { Notified } from '../journal/index.ts'
import type { Drill } from '../procedure/index.ts'

/** The severity of alerts that wake somebody. */
const WAKING = 'critical'

/**
 * Why the notifications of a drill are not as they should be; nothing when they are. An alert that is critical wakes somebody, once; any
 * other makes a ticket. A drill that expects more, or less, says so.
 */
export function judgeNotified(
  alert: string,
  notified: readonly Notified[],
  expected: Drill['wakes'],
): string | undefined {
  const own = notified.filter(({ alerts }) => alerts.includes(alert))
  if (own.length === 0) return `nobody was notified of ${alert}`
  const misrouted = notified.find(({ wakes, severities }) => !wakes && severities.includes(WAKING))
  if (misrouted) return `a ${WAKING} alert went to ${misrouted.receiver}, which wakes nobody`
  const forTicket = notified.find(({ wakes, severities }) => wakes && severities.some(severity => severity !== WAKING))
  if (forTicket) return `${forTicket.receiver} was woken by an alert that is not ${WAKING}`
  const waking = notified.filter(({ wakes }) => wakes)
  const times = waking.reduce((sum, one) => sum + one.times, 0)
  const wanted = expected?.times ?? (own.some(({ wakes }) => wakes) ? 1 : 0)
  if (times === wanted) return undefined
  const told = waking.flatMap(({ alerts }) => alerts).join(', ')
  return `somebody was woken ${countOf(times, 'time')}${told && ` (${told})`}, not ${countOf(wanted, 'time')}`
}
