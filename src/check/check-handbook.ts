import type { RuleFile } from '../alerts/index.ts'
import type { Handbook, Problem } from '../base/index.ts'
import type { Proof } from '../journal/index.ts'
import { type Procedure, parseProcedure } from '../procedure/index.ts'
import { sortProblems } from './sort-problems.ts'
import { checkTypes } from './types/check-types.ts'

/** Reads a file of the handbook by its path relative to the root; `undefined` when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

/** What a check of a handbook needs to know; everything that other rooms know comes in as data. */
export interface CheckOptions {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** What the rule files that `handbook.yaml` names say: `readRuleFiles(handbook)`. */
  readonly rules: RuleFile
  /** The names of the faults that drills may name. */
  readonly faults: readonly string[]
  /** The newest proof of each drill; without them nothing is said about proofs. */
  readonly proofs?: readonly Proof[]
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Paths of the pages to check; all of them when not said. */
  readonly only?: readonly string[]
}

/** What a check found, and the pages as programs, in the order of their paths. */
export interface CheckResult {
  /** Without doubles, sorted by file, line, column and rule. */
  readonly problems: readonly Problem[]
  readonly procedures: readonly Procedure[]
}

/** Checks the pages of a handbook: structure, types, shell, and what they say of each other. Never throws for what an author wrote. */
export async function checkHandbook(options: CheckOptions): Promise<CheckResult> {
  const { handbook, readText, only = handbook.pages } = options
  const procedures: Procedure[] = []
  for (const path of only) {
    const text = await readText(path)
    if (text !== undefined) procedures.push(parseProcedure(text, path))
  }
  const problems = [...procedures.flatMap(procedure => procedure.problems), ...(await checkTypes(procedures, handbook))]
  return { problems: sortProblems([...problems, ...options.rules.problems]), procedures }
}
