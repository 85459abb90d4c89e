import type { Alert } from '../../alerts/index.ts'
import type { AlertNowFiring } from '../../wire/index.ts'
import type { Heard } from './poll-sources.ts'

/** An alert as the sources have it. */
export type JoinedAlert = Omit<AlertNowFiring, 'page' | 'run' | 'looked'>

/** What is said of an alert that Prometheus knows and Alertmanager does not. */
export const NOT_THERE = 'not in Alertmanager'

/** The most alerts that are told, and characters of a label: whoever writes rules may put anything into them. */
const MOST = 500
const LONGEST = 1000

/** Ranks from most urgent; what no rank is known of stands between. */
const RANKS: Readonly<Record<string, number>> = {
  critical: 0,
  page: 0,
  high: 1,
  error: 1,
  warning: 2,
  info: 4,
  none: 5,
}
const UNKNOWN_RANK = 3

/**
 * All alerts that fire for any source, those first that harm customers most, then the most severe, quiet ones last; among equals those that fire longest. `pushed` are those that
 * were handed over; Alertmanager's own answer is newer.
 */
export function joinAlerts(
  { alerts, rules }: Pick<Heard, 'alerts' | 'rules'>,
  pushed: readonly Alert[],
  consequences: readonly string[] = [],
): JoinedAlert[] {
  const handed = pushed.filter(({ labels }) => !alerts?.some(one => isSame(one.labels, labels)))
  const known = [...(alerts ?? []), ...handed]
  // Alertmanager may know more labels than the rule that it heard of.
  const unheard = (rules ?? []).filter(({ labels }) => !known.some(one => hasLabels(one.labels, labels)))
  const joined = [
    ...(alerts ?? []).map(describeAlert),
    ...handed.map(alert => ({ ...describeAlert(alert), handedOver: true as const })),
    ...unheard.map(({ labels, since }) => ({
      ...nameLabels(labels),
      since: toTime(since),
      ...(alerts ? { quiet: NOT_THERE } : {}),
    })),
  ]
  return joined.toSorted((one, other) => compare(one, other, consequences)).slice(0, MOST)
}

/** An alert as it is told: whoever wrote it may have put anything into it. */
export function describeAlert({ labels, annotations, startsAt, state, silenced, inhibited }: Alert): JoinedAlert {
  const summary = annotations.summary ?? annotations.description
  const quiet = state === 'suppressed' ? { quiet: silenced ? 'silenced' : inhibited ? 'inhibited' : 'muted' } : {}
  return {
    ...nameLabels(labels),
    since: toTime(startsAt),
    ...(summary === undefined ? {} : { summary: clip(summary) }),
    ...(annotations.consequence === undefined ? {} : { consequence: clip(annotations.consequence) }),
    ...quiet,
  }
}

function nameLabels(labels: Alert['labels']): Pick<JoinedAlert, 'name' | 'severity' | 'labels'> {
  const clipped = Object.fromEntries(Object.entries(labels).map(([name, value]) => [clip(name), clip(value)]))
  const { alertname = '', severity } = clipped
  return { name: alertname, labels: clipped, ...(severity === undefined ? {} : { severity }) }
}

function compare(one: JoinedAlert, other: JoinedAlert, consequences: readonly string[]): number {
  const quiet = Number(one.quiet !== undefined) - Number(other.quiet !== undefined)
  const harm = findHarm(one, consequences) - findHarm(other, consequences)
  return quiet || harm || rank(one) - rank(other) || (one.since < other.since ? -1 : 1)
}

/** How much customers are harmed, from 0, the most. A critical alert that does not say it might mean the worst. */
function findHarm(alert: JoinedAlert, consequences: readonly string[]): number {
  const said = consequences.indexOf(alert.consequence ?? '')
  return said >= 0 ? said : rank(alert) === 0 ? 0 : consequences.length
}

function rank({ severity = '' }: JoinedAlert): number {
  return Object.hasOwn(RANKS, severity) ? (RANKS[severity] ?? UNKNOWN_RANK) : UNKNOWN_RANK
}

function isSame(one: Alert['labels'], other: Alert['labels']): boolean {
  return hasLabels(one, other) && hasLabels(other, one)
}

function hasLabels(labels: Alert['labels'], wanted: Alert['labels']): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value)
}

function toTime(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
