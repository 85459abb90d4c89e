import { type Alert, type AlertMatcher, listAlerts } from './alertmanager.ts'

/**
 * An alert that fires: Alertmanager has it, and it has not ended. The handbook means nothing else by “fires”. A silenced or inhibited
 * alert fires too, because the trouble is there although nobody is notified. So does an alert that was not routed yet.
 */
export interface FiringAlert {
  readonly name: string
  readonly labels: Alert['labels']
  /** Since when: ISO 8601, UTC. */
  readonly since?: string
  /** Why nobody is notified of it; absent when somebody is. */
  readonly quiet?: Quiet
}

/** Why nobody is notified of a firing alert: a person silenced it, another alert inhibits it, or its route is muted at this time. */
export type Quiet = 'silenced' | 'inhibited' | 'muted'

/** Which alerts fire, when this was asked, and who answered; or why it is unknown. */
export type FiringAnswer =
  | {
      readonly asked: 'answered'
      readonly firing: readonly FiringAlert[]
      readonly at?: string
      readonly from?: string
      /** The alert that always fires, among those asked for: what is answered of it is whether it stopped to arrive. */
      readonly silenceOf?: string
    }
  /** There is no Alertmanager to ask. */
  | { readonly asked: 'nobody' }
  | { readonly asked: 'no-answer'; readonly why: string; readonly at?: string }

/** What “fires” is said of: an alert, or that the one which always fires stopped to arrive. */
export function nameAnswered(alert: string, { silenceOf }: { readonly silenceOf?: string }): string {
  return alert === silenceOf ? `silence of ${alert}` : alert
}

/** The alerts that fire; with a matcher, only those with equal labels. Quiet alerts come last. Throws when Alertmanager does not answer. */
export async function listFiring(url: string, matcher?: AlertMatcher, signal?: AbortSignal): Promise<FiringAlert[]> {
  const alerts = (await listAlerts(url, matcher, signal)).map(readFiring)
  return [...alerts.filter(({ quiet }) => quiet === undefined), ...alerts.filter(({ quiet }) => quiet !== undefined)]
}

/** Asks which alerts fire. It does not throw: “no answer” is a result too, also when the signal aborts first. */
export async function askFiring(
  url: string | undefined,
  matcher?: AlertMatcher,
  signal?: AbortSignal,
): Promise<FiringAnswer> {
  if (url === undefined) return { asked: 'nobody' }
  const at = new Date().toISOString()
  try {
    // An address may hold a password, but its origin does not.
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
