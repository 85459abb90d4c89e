import { type AlertNow, type AskedAlerts, judgeAskedAlerts, sayAlertNow, sayAlerts, WHETHER } from './asked-alerts.ts'
import type { Outcome, RunEvent } from './event.ts'

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
export function explainEnding(ending: RecordedEnding): string | undefined {
  const told = say(ending)
  const now = ending.alertNow === undefined ? '' : sayAlertNow(ending.alertNow)
  const sentences = [told ?? '', now].filter(text => text !== '')
  if (sentences.length === 0) return undefined
  return sentences.map((text, at) => (at < sentences.length - 1 && !/[.!?]$/.test(text) ? `${text}.` : text)).join(' ')
}

/** A run's end, as far as its sentence needs it. */
export type RecordedEnding = Pick<
  Extract<RunEvent, { type: 'run.finished' }>,
  'outcome' | 'reason' | 'refused' | 'alerts' | 'basis' | 'alertNow'
>

function say({ outcome, reason, refused, alerts, basis = {} }: RecordedEnding): string | undefined {
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

const NOT_MITIGATED = 'No mitigation was taken.'

function sayReason({ reason = '', refused }: Partial<Reasoned>): string {
  return refused === undefined ? reason : `Refused: ${reason}`
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
