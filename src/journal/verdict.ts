import type { Outcome, RunEvent } from './event.ts'

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
}

/** Ids of steps, at least one. */
export type Steps = readonly [string, ...string[]]

/** What each outcome stands on: nobody can end a run so, or say it in a sentence, without that. */
export interface OutcomeEvidence {
  readonly healed: {
    readonly basis: { readonly mitigated: Steps; readonly verified: Steps }
    readonly alerts: AskedAlerts
  }
  readonly 'ruled-out':
    | {
        /** `silent`: steps of Diagnose that passed, and said nothing either way. */
        readonly basis: { readonly ruledOut: Steps; readonly silent: readonly string[] }
        readonly alerts: Exclude<AskedAlerts, { asked: 'fires' | 'no-answer' }>
        readonly reason?: never
      }
    /** A step that was run alone. */
    | { readonly basis: { readonly ruledOut: Steps }; readonly reason: string; readonly alerts?: never }
  readonly passed:
    | { readonly basis: { readonly passed: Steps; readonly skipped: readonly string[] }; readonly reason?: string }
    /** There was nothing to do, and why. */
    | { readonly basis: { readonly passed: readonly [] }; readonly reason: string }
  readonly inconclusive: Reasoned
  readonly failed: Reasoned
  readonly interrupted: Reasoned
  readonly cancelled: Partial<Reasoned>
}

/** An outcome that says why nothing better was reached. */
interface Reasoned {
  readonly reason: string
  /** Why it was not allowed to go on, if it was not. */
  readonly refused?: string
  readonly alerts?: AskedAlerts
}

/** How a run ended, with all that this stands on. */
export type Verdict<O extends Outcome = Outcome> = {
  readonly [Each in O]: { readonly outcome: Each } & EndingNotes & OutcomeEvidence[Each]
}[O]

/** What any ending may say. */
interface EndingNotes {
  readonly reason?: string
  readonly refused?: string
  readonly alerts?: AskedAlerts
  readonly alertNow?: AlertNow
}

/** What a run's end records of what its outcome stands on: steps by their ids. */
export interface Basis {
  readonly mitigated?: readonly string[]
  readonly verified?: readonly string[]
  readonly ruledOut?: readonly string[]
  readonly silent?: readonly string[]
  readonly passed?: readonly string[]
  readonly skipped?: readonly string[]
}

/** The one table of what outcomes say: each sentence is made from what its outcome stands on. */
export const SENTENCES: { readonly [O in Outcome]: (stands: OutcomeEvidence[O]) => string } = {
  healed: ({ basis: { mitigated, verified }, alerts }) =>
    `A mitigation was taken (${name(mitigated)}), and Verify passed (${name(verified)}). ${sayAlerts(alerts)}`,
  'ruled-out': ({ basis, alerts, reason }) => {
    if (alerts === undefined) return reason
    const { silent } = basis
    const rest = silent.length > 0 ? ` Passed, and said nothing either way: ${name(silent)}.` : ''
    return `${judgeAskedAlerts(alerts).sentence} ${capitalize(name(basis.ruledOut))} ruled out.${rest} ${NOT_MITIGATED}`
  },
  passed: ({ basis, reason = '' }) => {
    const [first, ...rest] = basis.passed
    if (first === undefined) return reason
    const count = rest.length === 0 ? `1 step passed: ${name([first])}` : `${rest.length + 1} steps passed`
    const skipped = 'skipped' in basis && basis.skipped.length > 0 ? `; skipped: ${name(basis.skipped)}` : ''
    return `${count}${skipped}.${reason === '' ? '' : ` ${reason}`}`
  },
  inconclusive: sayReason,
  failed: sayReason,
  interrupted: sayReason,
  cancelled: sayReason,
}

/** The sentence of an end as it is recorded. A ledger of before says less, and its sentence says that; nothing when the outcome says it all. */
export function explainEnding(ending: Ending): string | undefined {
  const told = say(ending)
  const now = ending.alertNow === undefined ? '' : sayAlertNow(ending.alertNow)
  const sentences = [told ?? '', now].filter(text => text !== '')
  if (sentences.length === 0) return undefined
  return sentences.map((text, at) => (at < sentences.length - 1 && !/[.!?]$/.test(text) ? `${text}.` : text)).join(' ')
}

/** A run's end, as far as its sentence needs it. */
export type Ending = Pick<
  Extract<RunEvent, { type: 'run.finished' }>,
  'outcome' | 'reason' | 'refused' | 'alerts' | 'basis' | 'alertNow'
>

function say({ outcome, reason, refused, alerts, basis = {} }: Ending): string | undefined {
  const reasoned = { ...(reason === undefined ? {} : { reason }), ...(refused === undefined ? {} : { refused }) }
  switch (outcome) {
    case 'healed': {
      const mitigated = atLeastOne(basis.mitigated)
      const verified = atLeastOne(basis.verified)
      if (mitigated && verified && alerts) return SENTENCES.healed({ basis: { mitigated, verified }, alerts })
      return `A mitigation was taken, and Verify passed. It was not recorded ${WHETHER}.`
    }
    case 'ruled-out': {
      if (reason !== undefined) return reason === '' ? undefined : reason
      const ruledOut = atLeastOne(basis.ruledOut)
      if (ruledOut && alerts && alerts.asked !== 'fires' && alerts.asked !== 'no-answer')
        return SENTENCES['ruled-out']({ basis: { ruledOut, silent: basis.silent ?? [] }, alerts })
      return `${judgeAskedAlerts(alerts).sentence} ${NOT_MITIGATED}`
    }
    case 'passed': {
      const passed = atLeastOne(basis.passed)
      if (!passed) return reason
      return SENTENCES.passed({ basis: { passed, skipped: basis.skipped ?? [] }, ...(reason ? { reason } : {}) })
    }
    case 'inconclusive':
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return SENTENCES.cancelled(reasoned) || undefined
    default:
      return outcome satisfies never
  }
}

/** A list as one that has something in it; nothing when it has not. */
export function atLeastOne(list: readonly string[] | undefined): Steps | undefined {
  const [first, ...rest] = list ?? []
  return first === undefined ? undefined : [first, ...rest]
}

/**
 * What is known of a page's alerts when every cause is ruled out: whether that is what ruled out asks for, and a sentence that says
 * no more than was asked. Without a record, as in older ledgers, the sentence says that there is none.
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
const WHETHER = 'whether an alert of this page fires'
const NOT_MITIGATED = 'No mitigation was taken.'

/** What was asked about a page's alerts at a run's end, and no more. */
function sayAlerts(asked: AskedAlerts): string {
  switch (asked.asked) {
    case 'none-fires':
      return `At its end no alert of this page fires${sayWho(asked)}.`
    case 'fires':
      return `Yet ${asked.firing.map(describeFiring).join('; ')}${sayWho(asked)}.`
    case 'no-alerts':
      return 'This page answers no alert, so none was asked for.'
    case 'nobody':
      return `${capitalize(WHETHER)} was not asked: the environment names no Alertmanager.`
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

function sayAlertNow({ name, now }: AlertNow): string {
  const which = `${name}, for which this run was started,`
  switch (now) {
    case 'gone':
      return `${which} is gone.`
    case 'fires':
      return `${which} fires still.`
    case 'not-firing':
      return `${which} does not fire; whether it fired when the run began is unknown.`
    case 'unknown':
      return `Whether ${name}, for which this run was started, fires still is unknown.`
    default:
      return now satisfies never
  }
}

function sayReason({ reason = '', refused }: Partial<Reasoned>): string {
  return refused === undefined ? reason : `Refused: ${reason}`
}

function describeFiring({ alert, quiet }: NamedAlert): string {
  return quiet === undefined ? `${alert} fires` : `${alert} fires, and is ${quiet}`
}

function sayTime(time: string): string {
  return `${time.slice(11, 19)} UTC`
}

/** The most steps that a sentence names. */
const NAMED = 5

function name(steps: readonly string[]): string {
  const more = steps.length - NAMED
  const named = steps.slice(0, NAMED).map(id => `#${id}`)
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
