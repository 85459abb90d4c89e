import type { RuleFile } from '../alerts/index.ts'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import {
  addHints,
  type FilledIn,
  type Inspect,
  lintHandbook,
  type ReadText,
  readTextFrom,
  sortProblems,
} from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { Catalogue } from '../readiness/index.ts'
import { findEmptyFolders, findPassedOver, listBeside } from './list-pages.ts'
import { listScripts } from './list-places.ts'
import { readHandbook } from './read-handbook.ts'
import { readProofs } from './read-proofs.ts'
import { type Readiness, readCatalogue, readReadiness } from './read-readiness.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** A handbook with all its content and all its problems. */
export interface LoadedHandbook {
  /** The folder, the content of `handbook.yaml` and the pages; absent when that file cannot be read. */
  readonly handbook?: Handbook
  readonly readText: ReadText
  /** The checked pages as programs, in the order of their paths. */
  readonly procedures: readonly Procedure[]
  readonly rules: RuleFile
  /** The proofs of the drills. */
  readonly proofs: readonly Proof[]
  /** The catalogue of the assessment, when `handbook.yaml` names one. */
  readonly catalogue?: Catalogue
  readonly readiness: Readiness
  /** The content of the lab's faults and of its deployment. */
  readonly lab?: LabContent
  /** Each one once, with a hint, sorted by file, line, column and rule. */
  readonly problems: readonly Problem[]
  /** The waived problems, in the same order. */
  readonly waived: readonly WaivedProblem[]
}

/** The facts against which a handbook is checked. */
export interface LoadOptions {
  /** The names of the faults that drills may name; `undefined` when they are unknown, then any name is right. */
  readonly faults: readonly string[] | undefined
  /** The names of all faults and mutations that can prove a check. */
  readonly mutations: readonly string[]
  /** Reads the content of the lab's faults and of its deployment; `undefined` without a lab. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** Today as an ISO date, for the age of reviews. */
  readonly today: string
  /** Paths of the pages to check; by default, all of them and the files beside them. */
  readonly only?: readonly string[] | undefined
  /** Whether ShellCheck checks bash blocks. It must be installed. */
  readonly shellcheck?: boolean
  /** Whether promtool judges the rule files, when the whole handbook is checked. It must be installed. */
  readonly promtool?: boolean
  /** What an owner fills in; without it, this is not checked. */
  readonly filledIn?: FilledIn | undefined
  /** How pages are inspected; by default, all of them on this thread. */
  readonly inspect?: Inspect | undefined
}

/**
 * Reads and checks a handbook: the one in a folder, or one with a `handbook.yaml` that was read already. It never executes a step, and
 * never throws for a mistake of an author.
 */
export async function loadHandbook(source: string | Handbook, options: LoadOptions): Promise<LoadedHandbook> {
  const result = typeof source === 'string' ? await readHandbook(source) : { handbook: source }
  if ('problems' in result) return nothing(source, result.problems)
  const { handbook } = result
  const readText = readTextFrom(handbook.root)
  const { faults, mutations, readLab, today, only, shellcheck, promtool, inspect } = options
  const [rules, { proofs, problems: unreadable }, { catalogue, problems: unlisted }, readiness, scripts, lab] =
    await Promise.all([
      readRuleFiles(handbook, promtool && !only),
      readProofs(handbook),
      readCatalogue(handbook),
      readReadiness(handbook.root),
      listScripts(handbook),
      readLab?.(),
    ])
  const { problems, waived, procedures } = await lintHandbook({
    handbook,
    readText,
    rules,
    faults,
    readiness: { mutations, ...(catalogue ? { areas: catalogue.areas } : {}) },
    proofs,
    scripts,
    ...(only ? {} : { beside: await listBeside(handbook) }),
    readLab: async () => lab,
    today,
    shellcheck: shellcheck ?? false,
    ...(only ? { only } : {}),
    ...(options.filledIn ? { filledIn: options.filledIn } : {}),
    ...(inspect ? { inspect } : {}),
  })
  const beside = only
    ? []
    : [
        ...(await findEmptyFolders(handbook)),
        ...(await findPassedOver(handbook)),
        ...unreadable,
        ...unlisted,
        ...readiness.problems,
      ]
  return {
    handbook,
    readText,
    procedures,
    rules,
    proofs,
    ...(catalogue ? { catalogue } : {}),
    readiness,
    ...(lab ? { lab } : {}),
    problems: sortProblems(addHints([...beside, ...problems])),
    waived,
  }
}

/** A handbook with a `handbook.yaml` that cannot be read. */
function nothing(source: string | Handbook, problems: readonly Problem[]): LoadedHandbook {
  return {
    readText: readTextFrom(typeof source === 'string' ? source : source.root),
    procedures: [],
    rules: { rules: [], problems: [] },
    proofs: [],
    readiness: { proofs: [], problems: [] },
    problems: addHints(problems),
    waived: [],
  }
}
