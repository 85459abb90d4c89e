import { findClosest, type Problem, type Severity } from '../base/index.ts'
import type { Place, Waiver } from '../procedure/index.ts'
import type { AlertFacts, BashBlock, HandbookFacts, PageFacts, WaiverFacts } from './facts.ts'
import type { Page, ReadPage } from './page.ts'

/** A place at which a rule does not hold, in the words of the page's author. */
export interface Violation extends Place, Partial<Pick<Problem, 'severity' | 'expected' | 'found' | 'hint'>> {
  readonly message: string
}

/** A place in a file that need not be a page. */
export interface FileViolation extends Violation {
  readonly file: string
}

/** What a rule demands of an author. */
export interface RuleText {
  /**
   * Stable, kebab-case. The folder of its examples below `test/lint/rules` has this name. The file of the rule has it too, or is named
   * after the topic that it shares with other rules.
   */
  readonly id: string
  readonly severity: Severity
  /** One sentence that is true of a good page. */
  readonly summary: string
  /** What to do when it is not. */
  readonly hint: string
}

/**
 * A rule: what it demands, and who looks whether it holds. A rule has one of these functions, the first that knows enough.
 * One that has none is found elsewhere, and its file says where.
 */
export interface Rule extends RuleText {
  /** Looks at a page alone. What it finds is remembered as long as the page and the facts stay the same. */
  readonly checkPage?: (page: ReadPage, facts: PageFacts) => readonly Violation[]
  /** As `checkPage`, for what is quicker when it is asked for all pages at once; texts and pages have the same order. */
  readonly checkTexts?: (pages: readonly Page[], texts: readonly string[]) => Promise<readonly FileViolation[]>
  /** Looks at a bash block that bash can read. */
  readonly checkBash?: (block: BashBlock) => readonly Violation[]
  /** Looks at a page and at what stands around it: other pages, scripts, proofs. */
  readonly checkReferences?: (page: Page, facts: HandbookFacts) => readonly Violation[] | Promise<readonly Violation[]>
  /** Looks at the handbook as a whole, when all of its pages are there. */
  readonly checkHandbook?: (
    pages: readonly Page[],
    facts: HandbookFacts,
  ) => readonly FileViolation[] | Promise<readonly FileViolation[]>
  /** Looks at rules of Prometheus, also at those that are no handbook's: `handbook alerts check`. */
  readonly checkAlerts?: (facts: AlertFacts) => readonly FileViolation[]
  /** Looks at a waiver of a page. */
  readonly checkWaiver?: (waiver: Waiver, facts: WaiverFacts) => readonly Violation[]
  /** Whether anybody looks if the rule holds, with what is known; always, when not said. */
  readonly isJudged?: (facts: HandbookFacts) => boolean
}

/** That a rule does not hold at a place; `more` has a hint when there is a better one than the rule's. */
export function violation(
  { line, column }: Place,
  message: string,
  more: Omit<Violation, 'message' | keyof Place> = {},
): Violation {
  return { line, column, message, ...more }
}

/** A problem of a rule, as severe as the rule, with the rule's hint unless there is a better one. */
export function makeProblem(rule: RuleText, file: string, { line, column, message, ...more }: Violation): Problem {
  const { id, severity, hint } = rule
  return { file, line, column, rule: id, severity, message, hint, ...more }
}

/** What was found, what it might have been, and the nearest of it. */
export function describeUnknown(found: string, known: readonly string[]): Pick<Problem, 'found' | 'expected' | 'hint'> {
  const closest = findClosest(found, known)
  return {
    found,
    expected: oneOf(known),
    ...(closest === undefined ? {} : { hint: `Did you mean ${closest}?` }),
  }
}

/** The choices there are, in words. */
export function oneOf(names: readonly string[]): string {
  const known = [...new Set(names)]
  return known.length === 0
    ? 'nothing: there is none'
    : known.length === 1
      ? `${known[0]}`
      : known.length > 20
        ? `one of ${known.length} names`
        : `one of ${known.join(', ')}`
}
