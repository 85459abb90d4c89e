import { formatClock } from '../../../report/pure.ts'
import type { AlertNowFiring, Now, RunCard, Source } from '../../../wire/index.ts'

/** What may be said of what fires, and no more: `blind` and `unasked` mean that nobody knows. */
export interface Judgement {
  readonly state: 'blind' | 'unasked' | 'waiting' | 'fires' | 'quiet'
  readonly says: string
}

/** What an environment's sources allow to say. “Nothing fires” wants an answer of each one that is asked, and of Alertmanager at least. */
export function judgeNow({ blind, sources, alerts }: Pick<Now, 'blind' | 'sources' | 'alerts'>): Judgement {
  const asked = sources.filter(source => source.asked)
  if (asked.length === 0) return { state: 'unasked', says: sayUnasked(alerts.length) }
  if (blind) return { state: 'blind', says: 'Blind: it is not known what fires' }
  if (alerts.length > 0)
    return { state: 'fires', says: alerts.length === 1 ? '1 alert fires' : `${alerts.length} alerts fire` }
  const silent = asked.filter(({ answered, why }) => answered === undefined || why !== undefined)
  if (silent.length > 0)
    return { state: 'waiting', says: `It is not known what fires: waiting for ${listNames(silent)}` }
  if (!asked.some(({ name }) => name === 'Alertmanager'))
    return { state: 'unasked', says: 'Alertmanager was not asked: this environment names none' }
  return { state: 'quiet', says: 'Nothing fires' }
}

function sayUnasked(alerts: number): string {
  const names = 'this environment names neither Prometheus nor Alertmanager'
  if (alerts === 0) return `Nobody was asked what fires: ${names}`
  return `${alerts === 1 ? '1 alert was' : `${alerts} alerts were`} handed over. Nobody was asked what else fires: ${names}`
}

/**
 * Of when it is, and who was asked: `as of 14:03:12, asked Prometheus and Alertmanager`. It is as old as the oldest answer. Who was not asked, is
 * named, too.
 */
export function sayAsOf({ time, sources }: Pick<Now, 'time' | 'sources'>): string {
  const asked = sources.filter(source => source.asked)
  const not = sources.filter(source => !source.asked)
  const [oldest = time] = asked.flatMap(({ answered }) => answered ?? []).toSorted()
  return [
    `as of ${formatClock(oldest)}`,
    ...(asked.length > 0 ? [`asked ${listNames(asked)}`] : []),
    ...(not.length > 0 ? [`did not ask ${listNames(not)}`] : []),
  ].join(', ')
}

/** What a source that was asked last said: when it answered, and why it does not any more. */
export function saySource({ name, answered, why }: Source): string {
  const last = answered === undefined ? 'has not answered yet' : `answered last at ${formatClock(answered)}`
  return `${name} ${last}${why === undefined ? '' : `: ${why}`}`
}

function listNames(sources: readonly Source[]): string {
  return sources.map(({ name }) => name).join(' and ')
}

/** The address of an alert's runbook: with it goes what fills the page's parameters. */
export function linkRunbook(
  permalink: string,
  environment: string,
  { name, labels }: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): string {
  const query = new URLSearchParams({ environment, alert: name })
  for (const [label, value] of Object.entries(labels)) if (label !== 'alertname') query.set(`label.${label}`, value)
  return `${permalink}?${query}`
}

/** Who runs it, as far as that is known. */
export function nameRunner({ claimed, by }: Pick<RunCard, 'claimed' | 'by'>): string {
  return claimed ?? by.user
}

type Named = Pick<AlertNowFiring, 'name' | 'labels'>

/** The labels of an alert that others of its name have otherwise, as `instance=db-1`. */
export function tellApart({ name, labels }: Named, all: readonly Named[]): string {
  const others = all.filter(other => other.name === name)
  return Object.entries(labels)
    .filter(([label, value]) => others.some(other => other.labels[label] !== value))
    .map(([label, value]) => `${label}=${value}`)
    .join(', ')
}
