import type { Severity } from '../base/index.ts'
import type { ProofState } from '../journal/index.ts'
import type { PageKind } from '../procedure/index.ts'

/** What every page of the site knows of the handbook; small, for it is loaded with the first page. */
export interface SiteData {
  readonly procedures: readonly ProcedureCard[]
  /** What is wrong with the handbook now; only while somebody writes. */
  readonly problems?: readonly ProblemCard[]
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
  /** First paragraphs of Meaning and Impact. */
  readonly meaning: string
  readonly impact: string
  /** Words that readers search for, from the page's front matter. */
  readonly keywords: readonly string[]
  readonly drills: readonly DrillCard[]
  /** Steps that no drill whose proof still stands has run. */
  readonly undrilled: readonly string[]
}

/** An alert that a procedure answers, as its rule describes it. */
export interface AlertCard {
  readonly name: string
  /** One rule may be critical and another of the same name a warning. */
  readonly severities: readonly string[]
  readonly summary?: string
}

/** Who looks after a page. */
export interface OwnerCard {
  readonly name: string
  readonly contact?: string
}

/** A drill and what its proof is worth, in words. */
export interface DrillCard {
  readonly id: string
  readonly fault: string
  readonly state: ProofState['state']
  /** `proven 2026-11-22, healed in 14 s`. */
  readonly says: string
  /** What was measured: names and values. */
  readonly facts: readonly (readonly [string, string])[]
}

/** A problem, as somebody who writes sees it beside the page. */
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
