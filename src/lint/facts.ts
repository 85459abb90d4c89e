import type { RuleFile } from '../alerts/index.ts'
import type { Handbook, HandbookFile } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Page, ReadText } from './page.ts'
import type { ShellFacts } from './shell/scan-words.ts'

/** What a page is judged by, beside its own text; plain data. */
export interface PageFacts {
  readonly root: string
  readonly file: HandbookFile
  /** The names of the faults that drills may name; any, when nobody can know. */
  readonly faults: readonly string[] | undefined
  /** The names of the alerts that there are; none when nobody can know. */
  readonly alerts?: readonly string[]
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck?: boolean
}

/** A bash block that bash can read, and what can be said of it without running it. */
export interface BashBlock {
  readonly page: Page
  readonly step: Step
  readonly facts: ShellFacts
  readonly file: HandbookFile
}

/** What pages are judged by together. */
export interface HandbookFacts {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** What the rule files that `handbook.yaml` names say. */
  readonly rules: RuleFile
  /** The names of the alerts that there are; none when nobody can know. */
  readonly alerts?: readonly string[]
  /** The names of the faults that drills may name; any, when nobody can know. */
  readonly faults: readonly string[] | undefined
  /** The scripts that pages show; without them none is said to be shown nowhere. */
  readonly scripts?: readonly string[]
  /** What assessment pages are held against; without it nothing is said of them. */
  readonly readiness?: ReadinessFacts
  /** The newest proof of each drill; without them nothing is said about proofs. */
  readonly proofs?: readonly Proof[]
  /** What the lab says of its faults and of what it deploys; nothing where no lab is known, or where it does not matter. */
  readonly lab?: LabContent
  /** Whether ShellCheck looked at bash blocks. */
  readonly shellcheck: boolean
  /** Whether all pages are looked at. */
  readonly whole: boolean
  /** A page of the handbook, or any other Markdown file in it. */
  readonly findPage: (path: string) => Promise<Page | undefined>
}

/** What assessment pages are held against. */
export interface ReadinessFacts {
  /** The areas of the catalogue; without one a page is held against what it says itself. */
  readonly areas?: readonly CatalogueArea[]
  /** Everything that can be broken on purpose: faults and mutations. */
  readonly mutations: readonly string[]
}

/** An area of the readiness catalogue, as data. */
export interface CatalogueArea {
  readonly id: string
  readonly title: string
  readonly items: readonly { readonly id: string; readonly title: string; readonly need: string }[]
}

/** Rules of Prometheus that are held against pages. */
export interface AlertFacts {
  readonly rules: RuleFile
  readonly pages: readonly Page[]
  readonly file: HandbookFile
  /** Whether every alert has to have a page and to be described, also one that says nothing of a page. */
  readonly every: boolean
}

/** What a waiver is judged by. */
export interface WaiverFacts {
  readonly page: Page
  /** Its number in the front matter, from 0. */
  readonly index: number
  /** ISO date. */
  readonly today: string
  /** Every rule by its id, with why no page may waive it. */
  readonly rules: ReadonlyMap<string, { readonly never?: string }>
}
