import type { RuleFile } from '../alerts/index.ts'
import type { Handbook, HandbookFile } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Page, ReadText } from './page.ts'
import type { readQuantities } from './quantities/read-quantities.ts'
import type { Routes } from './references/site-routes.ts'
import type { ShellFacts } from './shell/read-shell.ts'

/** The facts against which a page is checked, beside its own text; plain data. */
export interface PageFacts {
  readonly root: string
  readonly file: HandbookFile
  /** The names of the faults that drills may name; `undefined` when they are unknown, then any name is right. */
  readonly faults: readonly string[] | undefined
  /** The names of all alerts; absent when they are unknown. */
  readonly alerts?: readonly string[]
  /** Today as an ISO date, for the age of reviews. */
  readonly today: string
  /** Whether ShellCheck checks bash blocks. It must be installed. */
  readonly shellcheck?: boolean
}

/** A bash block that bash can read, and what is known of it without running it. */
export interface BashBlock {
  readonly page: Page
  readonly step: Step
  readonly facts: ShellFacts
  readonly file: HandbookFile
}

/** The facts for checks that look beyond one page. */
export interface HandbookFacts {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** The content of the rule files that `handbook.yaml` names. */
  readonly rules: RuleFile
  /** The names of all alerts; absent when they are unknown. */
  readonly alerts?: readonly string[]
  /** The names of the faults that drills may name; `undefined` when they are unknown, then any name is right. */
  readonly faults: readonly string[] | undefined
  /** All scripts that pages should show; without them this is not checked. */
  readonly scripts?: readonly string[]
  /** The facts for assessment pages; without them these pages are not compared with a catalogue. */
  readonly readiness?: ReadinessFacts
  /** The newest proof of each drill; without them proofs are not checked. */
  readonly proofs?: readonly Proof[]
  /** The content of the lab's faults and of its deployment; absent without a lab, and when no check needs it. */
  readonly lab?: LabContent
  /** ISO date. */
  readonly today: string
  /** Whether ShellCheck checked bash blocks. */
  readonly shellcheck: boolean
  /** Whether all pages are checked. */
  readonly whole: boolean
  /** What an owner fills in, beside the handbook's file; without it this is not checked. */
  readonly filledIn?: FilledIn
  /** A page of the handbook, or any other Markdown file in it. */
  readonly findPage: (path: string) => Promise<Page | undefined>
  /** The quantities of the handbook, and what is wrong with their file. */
  readonly readQuantities: () => ReturnType<typeof readQuantities>
  /** The addresses of all pages on the site; `undefined` when the handbook is no site. */
  readonly readRoutes: () => Promise<Routes | undefined>
}

/** What an owner fills in before a first deployment that stands in no page. */
export interface FilledIn {
  /** Why nobody knows whom to call; absent when a rota was read. */
  readonly rotaUnknown?: string
  /** Whether the rota is older than it may be. */
  readonly rotaOld: boolean
  /** Names of teams for whom nobody is on call now. */
  readonly nobody: readonly string[]
  /** How many parties outside of the teams the rota names. */
  readonly outside: number
}

/** The facts for assessment pages. */
export interface ReadinessFacts {
  /** The areas of the catalogue. Without a catalogue, a page is compared with its own front matter. */
  readonly areas?: readonly CatalogueArea[]
  /** The names of all faults and mutations. */
  readonly mutations: readonly string[]
}

/** An area of the readiness catalogue, as data. */
export interface CatalogueArea {
  readonly id: string
  readonly title: string
  readonly items: readonly { readonly id: string; readonly title: string; readonly need: string }[]
}

/** Prometheus rules, and the pages with which they are compared. */
export interface AlertFacts {
  readonly rules: RuleFile
  readonly pages: readonly Page[]
  readonly file: HandbookFile
  /** Whether every alert must have a page and a description, even one without a runbook annotation. */
  readonly every: boolean
}

/** The facts for checks of a waiver. */
export interface WaiverFacts {
  readonly page: Page
  /** Its number in the front matter, from 0. */
  readonly index: number
  /** ISO date. */
  readonly today: string
  /** Every rule by its id. `never` says why no page may waive it. */
  readonly rules: ReadonlyMap<string, { readonly never?: string }>
}
