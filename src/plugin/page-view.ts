import type { Risk } from '../base/index.ts'
import type { Language, PageKind, PhaseName } from '../procedure/index.ts'

/** What the head of a procedure's page shows. */
export interface OverviewView {
  readonly id: string
  readonly path: string
  readonly kind: PageKind
  /** The readiness area that the page measures. */
  readonly area?: string
  readonly params: readonly ParamView[]
  /** The page's sections in reading order; executable ones carry a number. */
  readonly sections: readonly { readonly id: string; readonly title: string; readonly number?: number }[]
}

/** A parameter, as its row shows it. */
export interface ParamView {
  readonly name: string
  readonly variable: string
  readonly type: string
  readonly default?: string
  readonly description?: string
}

/** An executable phase. */
export interface PhaseView {
  readonly name: PhaseName
  readonly number: number
}

/** A step's card. */
export interface StepView {
  /** The page's path, by which the site knows its procedure. */
  readonly path: string
  readonly id: string
  /** Phase and place in it: `2.1`. */
  readonly number: string
  readonly risk: Risk
  readonly temporary: boolean
  readonly undoes?: StepLink
  readonly undoneBy?: StepLink
  /** The condition on which this step undoes another, or is undone. */
  readonly when?: string
  readonly irreversible?: string
  /** For readers: `2 min`. */
  readonly timeout: string
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

/** A step's code and what its copy button gives. */
export interface BlockView {
  readonly language: Language
  readonly copies: string
  readonly file?: string
}
