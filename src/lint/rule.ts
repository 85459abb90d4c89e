import { findClosest, type Problem, type Severity } from '../base/index.ts'
import type { Place, Waiver } from '../procedure/index.ts'
import type { AlertFacts, BashBlock, HandbookFacts, PageFacts, WaiverFacts } from './facts.ts'
import type { Page, ReadPage } from './page.ts'

/** A place at which a page breaks a rule. */
export interface Violation extends Place, Partial<Pick<Problem, 'severity' | 'expected' | 'found' | 'hint'>> {
  readonly message: string
}

/** A place in a file that need not be a page. */
export interface FileViolation extends Violation {
  readonly file: string
}

/** The text of a rule, for authors. */
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
 * A rule: its text, and the function that checks it. A rule has one of these functions: the first one that gets enough facts.
 * A rule without a function is checked elsewhere. The comment above it says where.
 */
export interface Rule extends RuleText {
  /** Checks one page alone. The result is kept as long as the page and the facts stay the same. */
  readonly checkPage?: (page: ReadPage, facts: PageFacts) => readonly Violation[]
  /** Like `checkPage`, for checks that are quicker for all pages at once. Texts and pages have the same order. */
  readonly checkTexts?: (pages: readonly Page[], texts: readonly string[]) => Promise<readonly FileViolation[]>
  /** Checks a bash block that bash can read. */
  readonly checkBash?: (block: BashBlock) => readonly Violation[]
  /** Checks a page against its surroundings: other pages, scripts, proofs. */
  readonly checkReferences?: (page: Page, facts: HandbookFacts) => readonly Violation[] | Promise<readonly Violation[]>
  /** Checks the whole handbook. It is called only when all pages are checked. */
  readonly checkHandbook?: (
    pages: readonly Page[],
    facts: HandbookFacts,
  ) => readonly FileViolation[] | Promise<readonly FileViolation[]>
  /** Checks Prometheus rules. `handbook alerts check` calls it for rules of any origin. */
  readonly checkAlerts?: (facts: AlertFacts) => readonly FileViolation[]
  /** Checks a waiver of a page. */
  readonly checkWaiver?: (waiver: Waiver, facts: WaiverFacts) => readonly Violation[]
  /** Whether the rule can be checked with these facts; without this function, always. */
  readonly isJudged?: (facts: HandbookFacts) => boolean
}

/** A violation of a rule at a place. `more` may hold a better hint than the rule's own. */
export function violation(
  { line, column }: Place,
  message: string,
  more: Omit<Violation, 'message' | keyof Place> = {},
): Violation {
  return { line, column, message, ...more }
}

/** Makes the problem of a rule: with the rule's severity, and with its hint unless the violation has a better one. */
export function makeProblem(rule: RuleText, file: string, { line, column, message, ...more }: Violation): Problem {
  const { id, severity, hint } = rule
  return { file, line, column, rule: id, severity, message, hint, ...more }
}

/** What was found, the known names, and as a hint the nearest of them. */
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
