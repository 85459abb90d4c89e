import type { Severity } from '../base/index.ts'
import type { ProcedureCard } from './page-view.ts'

/** What every page of the site knows of the handbook; small, for it is loaded with the first page. */
export interface SiteData {
  readonly procedures: readonly ProcedureCard[]
  /** What is wrong with the handbook now; only while somebody writes. */
  readonly problems?: readonly ProblemCard[]
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
