import type { RunState } from './run-state.ts'

/** What a page came to on a deployment with a fault, where it could change nothing. */
export interface Diagnosis {
  /** The page's id. */
  readonly page: string
  /** Whether a drill of the page names the fault. */
  readonly own: boolean
  readonly said: 'ruled-out' | 'suggests' | 'undecided' | 'healed'
  /** What it suggests, and whether that changes something. */
  readonly suggestions: readonly { readonly step: string; readonly why: string; readonly changes: boolean }[]
  /** How each step of Diagnose ended, and why. */
  readonly steps: readonly { readonly id: string; readonly status: string; readonly says?: string }[]
  readonly seconds: number
  readonly flaw?: DiagnosisFlaw
}

/**
 * What is unexpected of a diagnosis: a page rules out the fault that it heals, or does not find it; a page of other faults says that it
 * healed, or suggests a change. Whether it does that rightly, such as for what the fault did to it, a person judges.
 */
export type DiagnosisFlaw = 'own-ruled-out' | 'own-not-found' | 'suggests-other' | 'healed-other'

/** A row of the matrix: a fault, and what every page made of it. */
export interface MatrixRow {
  readonly fault: string
  /** The alerts that were awaited first. */
  readonly alerts: readonly string[]
  /** Every alert that had fired by the end; without it Prometheus could not be asked, such as when the fault is its own. */
  readonly fired?: readonly string[]
  readonly commit: string
  readonly date: string
  readonly pages: readonly Diagnosis[]
  /** Why the pages did not run, or not all of them. */
  readonly failure?: string
}

/**
 * Judges a run of a page that could only read. `escalates`: by its drills of the fault, there is nothing that it could do. `changing`: the
 * steps of the page that change something.
 */
export function judgeDiagnosis(
  state: Pick<RunState, 'procedure' | 'outcome' | 'steps' | 'suggestions' | 'took'>,
  {
    own,
    escalates = false,
    changing,
  }: { readonly own: boolean; readonly escalates?: boolean; readonly changing: readonly string[] },
): Diagnosis {
  const said = readVerdict(state)
  const suggestions = state.suggestions.map(({ step, why }) => ({ step, why, changes: changing.includes(step) }))
  const suggestsChange = suggestions.some(({ changes }) => changes)
  const flaw = own ? findOwnFlaw(said, escalates) : findForeignFlaw(said, suggestsChange)
  return {
    page: state.procedure,
    own,
    said,
    suggestions,
    steps: state.steps
      .filter(({ phase }) => phase === 'diagnose')
      .map(({ id, status, reason, error }) => {
        const says = reason ?? error?.message
        return { id, status, ...(says === undefined ? {} : { says }) }
      }),
    seconds: Math.round((state.took ?? 0) * 10) / 10,
    ...(flaw === undefined ? {} : { flaw }),
  }
}

/** Whether a row is as every incident needs it: its pages ran, none rules out its own fault, and no other one says that it healed. */
export function isRowSound({ failure, pages }: MatrixRow): boolean {
  return failure === undefined && pages.every(({ flaw }) => flaw !== 'own-ruled-out' && flaw !== 'healed-other')
}

/** What Diagnose says by itself: that an alert still fires keeps a run from ending as ruled out, but no reader from believing it. */
function readVerdict({
  outcome,
  steps,
  suggestions,
}: Pick<RunState, 'outcome' | 'steps' | 'suggestions'>): Diagnosis['said'] {
  if (outcome === 'healed') return 'healed'
  if (suggestions.length > 0) return 'suggests'
  const diagnosed = steps.filter(({ phase }) => phase === 'diagnose')
  const isOpen = diagnosed.some(({ status }) => status !== 'ruled-out' && status !== 'passed')
  return !isOpen && diagnosed.some(({ status }) => status === 'ruled-out') ? 'ruled-out' : 'undecided'
}

function findOwnFlaw(said: Diagnosis['said'], escalates: boolean): DiagnosisFlaw | undefined {
  if (said === 'ruled-out') return 'own-ruled-out'
  return said === 'undecided' && !escalates ? 'own-not-found' : undefined
}

function findForeignFlaw(said: Diagnosis['said'], suggestsChange: boolean): DiagnosisFlaw | undefined {
  if (said === 'healed') return 'healed-other'
  return suggestsChange ? 'suggests-other' : undefined
}
