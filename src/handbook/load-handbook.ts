import type { RuleFile } from '../alerts/index.ts'
import type { Problem, WaivedProblem } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import type { LabContent, Proof } from '../journal/index.ts'
import { addHints, type Inspect, lintHandbook, type ReadText, readTextFrom, sortProblems } from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { Catalogue } from '../readiness/index.ts'
import { findEmptyFolders, listBeside } from './list-pages.ts'
import { listScripts } from './list-places.ts'
import { readHandbook } from './read-handbook.ts'
import { readProofs } from './read-proofs.ts'
import { type Readiness, readCatalogue, readReadiness } from './read-readiness.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** A handbook with everything in it, and everything that is wrong with it. */
export interface LoadedHandbook {
  /** Its folder, what its `handbook.yaml` says, and its pages; nothing when that file cannot be read. */
  readonly handbook?: Handbook
  readonly readText: ReadText
  /** The pages that were looked at, as programs, in the order of their paths. */
  readonly procedures: readonly Procedure[]
  readonly rules: RuleFile
  /** What drills have proven. */
  readonly proofs: readonly Proof[]
  /** What assessment pages measure, when `handbook.yaml` names a catalogue of it. */
  readonly catalogue?: Catalogue
  readonly readiness: Readiness
  /** What the lab says of its faults and of what it deploys. */
  readonly lab?: LabContent
  /** Without doubles, sorted by file, line, column and rule; each has a hint. */
  readonly problems: readonly Problem[]
  /** What pages waive, in the same order. */
  readonly waived: readonly WaivedProblem[]
}

/** What a handbook is held against. */
export interface LoadOptions {
  /** The names of the faults that drills may name; any, when nobody can know. */
  readonly faults: readonly string[] | undefined
  /** The names of everything that can be broken to prove a check. */
  readonly mutations: readonly string[]
  /** Reads what the lab says of them, and of what it deploys; nothing where there is no lab. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** Paths of the pages to look at; all of them, and what stands beside them, when not said. */
  readonly only?: readonly string[] | undefined
  /** Whether ShellCheck, which has to be installed, looks at bash blocks. */
  readonly shellcheck?: boolean
  /** How pages are inspected; on this thread, all of them, when not said. */
  readonly inspect?: Inspect | undefined
}

/**
 * Reads and checks a handbook: the one in a folder, or one whose `handbook.yaml` was read already. Never executes a step, never throws
 * for what an author wrote.
 */
export async function loadHandbook(source: string | Handbook, options: LoadOptions): Promise<LoadedHandbook> {
  const result = typeof source === 'string' ? await readHandbook(source) : { handbook: source }
  if ('problems' in result) return nothing(source, result.problems)
  const { handbook } = result
  const readText = readTextFrom(handbook.root)
  const { faults, mutations, readLab, today, only, shellcheck, inspect } = options
  const [rules, { proofs, problems: unreadable }, { catalogue, problems: unlisted }, readiness, scripts, lab] =
    await Promise.all([
      readRuleFiles(handbook),
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
    ...(inspect ? { inspect } : {}),
  })
  const beside = only ? [] : [...(await findEmptyFolders(handbook)), ...unreadable, ...unlisted, ...readiness.problems]
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

/** A handbook whose file cannot be read. */
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
