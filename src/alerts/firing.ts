import { type Alert, type AlertMatcher, listAlerts } from './alertmanager.ts'

/**
 * An alert that fires: Alertmanager holds it, and its end has not come. This is all that the handbook means by it. One that is
 * silenced or inhibited fires too, for nobody is told of it and the trouble is there; so does one that was not routed yet.
 */
export interface FiringAlert {
  readonly name: string
  readonly labels: Alert['labels']
  /** Since when: ISO 8601, UTC. */
  readonly since?: string
  /** Why nobody is told of it, if nobody is. */
  readonly quiet?: Quiet
}

/** Why nobody is told of an alert that fires: a person silenced it, another alert inhibits it, or its route is muted at this time. */
export type Quiet = 'silenced' | 'inhibited' | 'muted'

/** Which alerts fire, as far as anybody could be asked; when that was, and who answered. */
export type FiringAnswer =
  | {
      readonly asked: 'answered'
      readonly firing: readonly FiringAlert[]
      readonly at?: string
      readonly from?: string
    }
  /** There is no Alertmanager to ask. */
  | { readonly asked: 'nobody' }
  | { readonly asked: 'no-answer'; readonly why: string; readonly at?: string }

/** The alerts that fire, at most those with equal labels; those that somebody is told of come first. Throws when Alertmanager does not answer. */
export async function listFiring(url: string, matcher?: AlertMatcher, signal?: AbortSignal): Promise<FiringAlert[]> {
  const alerts = (await listAlerts(url, matcher, signal)).map(readFiring)
  return [...alerts.filter(({ quiet }) => quiet === undefined), ...alerts.filter(({ quiet }) => quiet !== undefined)]
}

/** Asks which alerts fire; that nobody answers, or not before the signal aborts, is an answer, too. */
export async function askFiring(
  url: string | undefined,
  matcher?: AlertMatcher,
  signal?: AbortSignal,
): Promise<FiringAnswer> {
  if (url === undefined) return { asked: 'nobody' }
  const at = new Date().toISOString()
  try {
    // An address may hold a password: its origin does not.
    return { asked: 'answered', firing: await listFiring(url, matcher, signal), at, from: new URL(url).origin }
  } catch (error) {
    return { asked: 'no-answer', why: error instanceof Error ? error.message : String(error), at }
  }
}

function readFiring({ labels, startsAt, state, silenced, inhibited }: Alert): FiringAlert {
  const since = Number.isNaN(startsAt.getTime()) ? {} : { since: startsAt.toISOString() }
  const alert = { name: labels.alertname ?? '', labels, ...since }
  if (state !== 'suppressed') return alert
  return { ...alert, quiet: silenced ? 'silenced' : inhibited ? 'inhibited' : 'muted' }
}
