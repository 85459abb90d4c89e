/** What was asked about the alerts that a page answers, and what was answered. `at` is when, `from` is who answered; older ledgers lack both. */
export type AskedAlerts =
  /** Alertmanager was asked for these, and none of them fires. */
  | { readonly asked: 'none-fires'; readonly alerts: readonly string[]; readonly at?: string; readonly from?: string }
  | { readonly asked: 'fires'; readonly firing: readonly NamedAlert[]; readonly at?: string; readonly from?: string }
  /** The environment names no Alertmanager: nobody was asked. */
  | { readonly asked: 'nobody' }
  | { readonly asked: 'no-answer'; readonly why: string; readonly at?: string }
  /** The page answers no alert: there was nothing to ask for. */
  | { readonly asked: 'no-alerts' }

/** An alert that fires, and why nobody is told of it, if nobody is. */
export interface NamedAlert {
  readonly alert: string
  readonly quiet?: 'silenced' | 'inhibited' | 'muted'
}

/** The alert that a run was started for, and what Alertmanager said of it then. */
export type StartAlert = { readonly name: string } & (
  | {
      readonly asked: 'fires'
      /** Since when it fires: ISO 8601, UTC. */
      readonly since: string
      readonly labels: Readonly<Record<string, string>>
      readonly quiet?: NamedAlert['quiet']
    }
  | { readonly asked: 'not-firing' }
  | { readonly asked: 'nobody' }
  | { readonly asked: 'no-answer'; readonly why: string }
)

/** What is known, at a run's end, of the alert that it was started for. `gone`: it fired when the run began. */
export interface AlertNow {
  readonly name: string
  readonly now: 'gone' | 'fires' | 'not-firing' | 'unknown'
  /** What was known of it when the run began; older ledgers lack it. */
  readonly began?: 'fires' | 'not-firing' | 'unknown'
}

/** What is known of the alert that a run is started for as it begins. */
export function judgeThen({ asked }: StartAlert): NonNullable<AlertNow['began']> {
  return asked === 'fires' || asked === 'not-firing' ? asked : 'unknown'
}

/**
 * What is known of a page's alerts when every cause is ruled out: whether it is enough for the outcome “ruled out”, and a sentence that
 * says no more than was asked. Without a record, as in older ledgers, the sentence says that there is none.
 */
export function judgeAskedAlerts(asked: AskedAlerts | undefined): {
  readonly ruledOut: boolean
  readonly sentence: string
} {
  if (asked === undefined) return { ruledOut: true, sentence: `${ALL_OUT}. It was not recorded ${WHETHER}.` }
  switch (asked.asked) {
    case 'none-fires':
      return { ruledOut: true, sentence: `${ALL_OUT}, and no alert of this page fires${sayWho(asked)}.` }
    case 'no-alerts':
    case 'nobody':
      return { ruledOut: true, sentence: `${ALL_OUT}. ${sayAlerts(asked)}` }
    case 'no-answer':
      return { ruledOut: false, sentence: `${ALL_OUT}, but it is unknown ${WHETHER}: ${asked.why}` }
    case 'fires':
      return { ruledOut: false, sentence: `${ALL_OUT}, yet ${asked.firing.map(describeFiring).join('; ')}` }
    default:
      return asked satisfies never
  }
}

const ALL_OUT = 'Every cause is ruled out'
/** In sentences of what nobody knows. */
export const WHETHER = 'whether an alert of this page fires'

/** What was asked about a page's alerts at a run's end, and no more. */
export function sayAlerts(asked: AskedAlerts): string {
  switch (asked.asked) {
    case 'none-fires':
      return `At its end no alert of this page fires${sayWho(asked)}.`
    case 'fires':
      return `Yet ${asked.firing.map(describeFiring).join('; ')}${sayWho(asked)}.`
    case 'no-alerts':
      return 'This page answers no alert, so none was asked for.'
    case 'nobody':
      return `Whether an alert of this page fires was not asked: the environment names no Alertmanager.`
    case 'no-answer':
      return `It is unknown ${WHETHER}: ${asked.why}`
    default:
      return asked satisfies never
  }
}

function sayWho({ at, from }: { readonly at?: string; readonly from?: string }): string {
  if (at === undefined || from === undefined) return ''
  return `, as ${from} said at ${sayTime(at)}`
}

/** The alert that a run was started for, in a sentence. */
export function describeStartAlert(alert: StartAlert): string {
  const started = `Started for ${alert.name}`
  switch (alert.asked) {
    case 'fires': {
      const quiet = alert.quiet === undefined ? '' : `, and is ${alert.quiet}`
      return `${started}, which fires since ${alert.since.slice(0, 10)} ${sayTime(alert.since)}${quiet}`
    }
    case 'not-firing':
      return `${started}, which does not fire now`
    case 'nobody':
      return `${started}; whether it fires was not asked: the environment names no Alertmanager`
    case 'no-answer':
      return `${started}; whether it fires is unknown: ${alert.why}`
    default:
      return alert satisfies never
  }
}

/** What is known, at a run's end, of the alert that it was started for, in a sentence. It says no more than both times were asked. */
export function sayAlertNow({ name, now, began }: AlertNow): string {
  const which = `${name}, for which this run was started,`
  switch (now) {
    case 'gone':
      return `${which} is gone.`
    case 'fires':
      return began === 'fires' || began === undefined
        ? `${which} fires still.`
        : `${which} fires now${sayThen(began).replace(', and', '; it')}.`
    case 'not-firing':
      return `${which} does not fire${sayThen(began)}.`
    case 'unknown':
      return began === 'not-firing'
        ? `Whether ${name}, for which this run was started, fires by now is unknown; it did not when the run began.`
        : `Whether ${name}, for which this run was started, fires${began === 'unknown' ? '' : ' still'} is unknown.`
    default:
      return now satisfies never
  }
}

/** What was known when the run began; of an older ledger nothing is said. */
function sayThen(began: AlertNow['began']): string {
  switch (began) {
    case undefined:
    case 'fires':
      return ''
    case 'not-firing':
      return ', and did not when the run began'
    case 'unknown':
      return '; whether it fired when the run began is unknown'
    default:
      return began satisfies never
  }
}

function describeFiring({ alert, quiet }: NamedAlert): string {
  return quiet === undefined ? `${alert} fires` : `${alert} fires, and is ${quiet}`
}

function sayTime(time: string): string {
  return `${time.slice(11, 19)} UTC`
}
