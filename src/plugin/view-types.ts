import type { Risk, Severity } from '../base/index.ts'
import type { ProofState } from '../journal/index.ts'
import type { Language, PageKind, PhaseName } from '../procedure/index.ts'

/**
 * What the site shows of a procedure. `viewPage` makes what its own page shows beside the text. `viewCard` makes the card, which lists
 * and the head of the page show.
 */
export interface PageView {
  readonly card: PageCardView
  readonly phases: ReadonlyMap<string, PhaseView>
  readonly steps: ReadonlyMap<string, StepView>
  readonly blocks: ReadonlyMap<string, BlockView>
}

/** A procedure as lists and its own page show it. */
export interface ProcedureCard {
  readonly id: string
  /** Path relative to the handbook's root. */
  readonly path: string
  readonly permalink: string
  readonly kind: PageKind
  readonly title: string
  readonly alerts: readonly AlertCard[]
  readonly owner?: OwnerCard
  readonly reviewed?: string
  /** First paragraph of Meaning. */
  readonly meaning: string
  readonly drills: readonly DrillCard[]
  /** Steps that no proven drill has run. */
  readonly undrilled: readonly string[]
}

/** An alert that a procedure answers, as its rule describes it. */
export interface AlertCard {
  readonly name: string
  /** One rule may be critical and another of the same name a warning. */
  readonly severities: readonly string[]
  /** What it means for customers: its place among the handbook's consequences, from 0, the worst. */
  readonly rank?: number
  readonly summary?: string
}

/** Who looks after a page. */
export interface OwnerCard {
  readonly name: string
  readonly contact?: string
}

/** A drill, and in words whether it is proven. */
export interface DrillCard {
  readonly id: string
  readonly fault: string
  readonly state: ProofState['state']
  /** `proven 2026-11-22, healed in 14 s`. */
  readonly says: string
}

/** What a drill measured. */
export interface DrillMeasures {
  /** Names and values. */
  readonly facts: readonly (readonly [string, string])[]
  /** What customers felt, span by span. */
  readonly felt?: FeltView
}

/** What ended in each span of a drill, well, late and failed, and when what began. */
export interface FeltView {
  /** What was acknowledged, in the plural. */
  readonly name: string
  /** The length of a span, and after how many seconds an acknowledgement is late. */
  readonly span: number
  readonly late: number
  readonly well: readonly number[]
  readonly slow: readonly number[]
  readonly failed: readonly number[]
  /** The moments of the drill, each with its second. */
  readonly marks: readonly (readonly [
    name: 'fault' | 'alert' | 'page' | 'healed' | 'escalated' | 'clear',
    second: number,
  ])[]
}

/** What the card on a procedure’s own page shows beside that. */
export interface PageCardView {
  readonly id: string
  readonly path: string
  /** The readiness area that the page measures. */
  readonly area?: string
  readonly params: readonly ParamView[]
  /** The page's sections in reading order; executable ones carry a number. */
  readonly sections: readonly { readonly id: string; readonly title: string; readonly number?: number }[]
  /** Every step in reading order. */
  readonly steps: readonly StepLink[]
  /** Whether some block is folded. */
  readonly folds: boolean
  /** Where the page says whom to call next. */
  readonly escalate?: string
  /** SHA-256 of the page: what a reader sees is what a live handbook runs. */
  readonly hash: string
  /** The title of the phase that a run begins with: `Diagnose`, `Checks`. */
  readonly begins?: string
}

/** A parameter, for a row of the table. */
export interface ParamView {
  readonly name: string
  readonly variable: string
  readonly type: string
  readonly default?: string
  readonly description?: string
  /** The label of an alert that fills it. */
  readonly label?: string
}

/** An executable phase. */
export interface PhaseView {
  readonly name: PhaseName
  readonly number: number
  /** In Diagnose, the alerts that the page answers. */
  readonly alerts?: readonly string[]
}

/** A step's card. */
export interface StepView {
  /** The path of the page; the site finds the procedure by it. */
  readonly path: string
  readonly id: string
  /** Phase and place in it: `2.1`. */
  readonly number: string
  readonly risk: Risk
  readonly temporary: boolean
  readonly undoes?: StepLink
  readonly undoneBy?: StepLink
  /** The condition under which this step undoes another, or is undone. */
  readonly when?: string
  readonly irreversible?: string
  /** For readers: `2 min`; absent when it is what every step has. */
  readonly timeout?: string
  /** The readiness items that a check measures, and what must make it fail. */
  readonly measures?: { readonly items: readonly string[]; readonly breaks: readonly string[] }
  readonly retries: number
  readonly every: string
}

/** A step that another one names. */
export interface StepLink {
  readonly id: string
  readonly number: string
  readonly title: string
}

/** A step's code, and the text that its copy button copies. */
export interface BlockView {
  readonly language: Language
  /** The text that is copied: a guarded subshell, or the command that runs the step. */
  readonly copies: string
  /** Whether it is a subshell. */
  readonly shell: boolean
  /** The number of its lines, when the block is folded until somebody wants to read it. */
  readonly folded?: number
  readonly file?: string
}

/** What every page of the site knows of the handbook. It is small, because it is loaded with the first page. */
export interface SiteData {
  /** The environments between which whoever runs a page must choose; empty when there is no choice. */
  readonly environments: readonly string[]
  /** The problems of the handbook; only while somebody writes. */
  readonly problems?: readonly ProblemCard[]
}

/** A problem, as an author sees it beside the page. */
export interface ProblemCard {
  /** `file:line:column`. */
  readonly place: string
  /** The page that it is on, if it is published. */
  readonly permalink?: string
  readonly severity: Severity
  readonly message: string
  readonly found?: string
  readonly expected?: string
  readonly hint?: string
}
