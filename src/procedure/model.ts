import type { RootContent } from 'mdast'
import type { Problem, Risk } from '../base/index.ts'

/** The phases that hold executable steps, in the order in which a run takes them. */
export type PhaseName = 'diagnose' | 'mitigate' | 'verify' | 'roll-back' | 'checks' | 'procedure'

/** What a page is: a runbook answers alerts, an assessment measures, a guide leads through work, a plain page is read. */
export type PageKind = 'runbook' | 'assessment' | 'guide' | 'page'

/** A place in the page: line and column from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The languages that run. */
export type Language = 'ts' | 'bash'

/** An executable fence. */
export interface Block {
  readonly language: Language
  /** The code as CommonMark reads it: without the fence's own indentation, lines joined by `\n`. */
  readonly code: string
  /** Where the opening fence stands. */
  readonly fence: Place
  /** Where each line of the code begins in the page. */
  readonly lines: readonly Place[]
  /** SHA-256 of language and code, hexadecimal. */
  readonly hash: string
  /** The first paragraph between the step's heading and the fence, as plain text. */
  readonly prose?: string
  /** The script that stands here in full, relative to the handbook's root. */
  readonly file?: string
}

/** A level-3 heading in an executable phase, with its one block. */
export interface Step extends Place {
  readonly id: string
  readonly title: string
  readonly phase: PhaseName
  readonly block: Block
  readonly risk: Risk
  /** Milliseconds until the step's processes are ended. */
  readonly timeout: number
  /** How often a failing step is tried again. */
  readonly retries: number
  /** Milliseconds between two tries. */
  readonly every: number
  /** Whether the step is undone after Mitigate, by the step that undoes it. */
  readonly temporary: boolean
  /** For how long it may silence alerts, in milliseconds; without it, it may not. */
  readonly silences?: number
  /** Whether it may run when its alert arrives, before anybody looks. */
  readonly cheap?: true
  /** The id of the step that this one undoes. */
  readonly undoes?: string
  /** The condition for undoing a cure: without it, the cure is not undone. */
  readonly when?: string
  /** Why a change has no way back. */
  readonly irreversible?: string
  /** The step that lists what this one will touch, and the name of the list in its value, if it is not the only one there. */
  readonly touches?: { readonly step: string; readonly key?: string }
  /** How much it usually touches at most: above it, the number has to be typed. */
  readonly max?: number
  /** Why processes that it starts may go on after its end. */
  readonly leaves?: string
  /** The readiness items that a check measures. */
  readonly items: readonly string[]
  /** The faults that must make a check fail. */
  readonly breaks: readonly string[]
}

/** A level-2 heading whose steps run. */
export interface Phase extends Place {
  readonly name: PhaseName
  readonly title: string
  readonly steps: readonly Step[]
}

/** Any level-2 heading with the text below it. */
export interface Section extends Place {
  readonly title: string
  readonly id: string
  /** Whether nothing but comments stands below the heading. */
  readonly empty: boolean
  /** Its first paragraph as plain text; empty when it has none. */
  readonly lead: string
  /** The Markdown below the heading, as written. */
  readonly text: string
  readonly phase?: PhaseName
}

/** A heading of any depth; its id is its anchor. */
export interface Heading extends Place {
  readonly depth: number
  readonly title: string
  readonly id: string
  /** The words between it and the next heading of any depth; code and HTML are left out. */
  readonly below: string
}

/** Types that a parameter may have. */
export type ParamType = 'string' | 'number' | 'integer' | 'boolean' | 'duration' | 'bytes' | 'enum' | 'host'

/** A value that a parameter takes in a block: durations as typed (`24h`), bytes as a number. */
export type ParamValue = string | number | boolean

/** A parameter as the front matter declares it. */
export interface Param {
  readonly name: string
  readonly type: ParamType
  readonly description?: string
  readonly default?: ParamValue
  readonly values?: readonly string[]
  readonly pattern?: string
  /** Limits; milliseconds for a duration. */
  readonly min?: number
  readonly max?: number
  readonly secret: boolean
  /** The alert label that fills it. */
  readonly label?: string
}

/** A drill as the front matter declares it. */
export interface Drill {
  readonly fault: string
  /** Another fault, which is there before and remains meanwhile. */
  readonly with?: string
  /** The steps that the run is expected to take in Mitigate. */
  readonly expect: readonly string[]
  /** The alert that must fire; by default, the first alert of the page. */
  readonly alert?: string
  /** The roll-back steps that are walked after the heal. */
  readonly walk?: readonly string[]
  /** The step of Diagnose that finds what no mitigation heals; without it the run is expected to heal. */
  readonly escalates?: string
  /** How often somebody may be woken, and why, where it is more than once for a critical alert, or than never for another. */
  readonly wakes?: { readonly atMost: number; readonly because: string }
  /** Other alerts that fire in it, too, if not every time. */
  readonly expectAlso?: readonly string[]
  /** The longest times that it may take, in milliseconds. */
  readonly within?: DrillBudget
}

/** The longest times of a drill's parts, in milliseconds; what is not named is not limited. */
export interface DrillBudget {
  readonly fire?: number
  readonly heal?: number
  readonly clear?: number
}

/** A rule that a page waives in its front matter. The rules about waivers report missing and wrong values. */
export interface Waiver {
  readonly rule: string
  readonly reason?: string
  /** The last day, as an ISO date. */
  readonly until?: string
  /** The id of the step to which it is limited. */
  readonly step?: string
}

/** A Markdown page as a program. */
export interface Procedure {
  readonly id: string
  /** Path relative to the handbook's root, with forward slashes. */
  readonly path: string
  readonly kind: PageKind
  readonly title: string
  readonly alerts: readonly string[]
  /** Other words for the search. */
  readonly keywords: readonly string[]
  readonly owner?: string
  readonly params: readonly Param[]
  readonly drills: readonly Drill[]
  readonly waivers: readonly Waiver[]
  /** ISO date of the last review by a person. */
  readonly reviewed?: string
  /** The readiness area and its items, id to title. */
  readonly area?: string
  readonly items: Readonly<Record<string, string>>
  /** Optional items that do not apply here, id to reason. */
  readonly notApplicable: Readonly<Record<string, string>>
  /** Whether every step of a guide is taken, whatever the others find. */
  readonly routine?: true
  readonly phases: readonly Phase[]
  readonly sections: readonly Section[]
  readonly headings: readonly Heading[]
  /** SHA-256 of the page's text, hexadecimal. */
  readonly hash: string
  /** What is wrong with the page's structure; an error means that it cannot be run. */
  readonly problems: readonly Problem[]
}

/** A heading, or none before the first, with the blocks that belong to it. */
export interface Part {
  readonly heading?: Heading
  readonly nodes: readonly RootContent[]
}

/** The rules that a page must follow to be read as it was meant. Breaches are found while the page is read. */
export type StructureRule =
  | 'markdown'
  | 'front-matter'
  | 'near-miss-heading'
  | 'one-phase-each'
  | 'phase-runs'
  | 'unique-ids'
  | 'one-block-each'
  | 'step-has-block'
  | 'fence-in-html'
  | 'fence-outside-step'
  | 'known-language'
  | 'known-meta'
  | 'closed-fence'
  | 'undoes-a-step'
  | 'when-undoes'

/** Reports a problem of the page that is being read. */
export type ReportProblem = (place: Place, rule: StructureRule, message: string, more?: Partial<Problem>) => void
