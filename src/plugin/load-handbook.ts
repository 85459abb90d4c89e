import type { AlertRule, RuleFile } from '../alerts/index.ts'
import type { Problem } from '../base/index.ts'
import { type HandbookFile, readHandbook } from '../environments/index.ts'
import type { LabContent } from '../journal/index.ts'
import {
  addHints,
  checkHandbook,
  type DrillState,
  type Inspect,
  judgeDrills,
  listScripts,
  readProofs,
  readRuleFiles,
  readTextFrom,
} from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { AREAS } from '../readiness/index.ts'
import { type Readiness, readReadiness } from './read-readiness.ts'

/** A handbook as the site needs it: its pages as programs, and what their drills have proven. */
export interface LoadedHandbook {
  readonly file?: HandbookFile
  readonly procedures: readonly Procedure[]
  readonly alerts: readonly AlertRule[]
  /** By the procedure's path. */
  readonly drills: ReadonlyMap<string, readonly DrillState[]>
  readonly readiness: Readiness
  /** What the lab says of its faults and of what it deploys. */
  readonly lab?: LabContent
  readonly problems: readonly Problem[]
  readonly waived: readonly Problem[]
}

/** What a handbook is held against. */
export interface LoadOptions {
  /** The names of the faults that drills may name. */
  readonly faults: readonly string[]
  /** The names of everything that can be broken to prove a check. */
  readonly mutations: readonly string[]
  /** Reads what the lab says of them, and of what it deploys; nothing where there is no lab. */
  readonly readLab?: () => Promise<LabContent | undefined>
  /** ISO date against which reviews are judged. */
  readonly today: string
  /** How pages are inspected; all of them when not said. */
  readonly inspect?: Inspect
}

/** Reads and checks the handbook in `root`; never executes a step, never throws for what an author wrote. */
export async function loadHandbook(root: string, options: LoadOptions): Promise<LoadedHandbook> {
  const { faults, mutations, readLab, today, inspect } = options
  const result = await readHandbook(root)
  if ('problems' in result) return { ...NOTHING, problems: addHints(result.problems) }
  const { handbook } = result
  const readText = readTextFrom(root)
  const [rules, { proofs, problems: unreadable }] = await Promise.all([readRuleFiles(handbook), readProofs(handbook)])
  const [kept, lab] = await Promise.all([readReadiness(root), readLab?.()])
  const { problems, waived, procedures } = await checkHandbook({
    handbook,
    readText,
    rules,
    faults,
    readiness: { areas: AREAS, mutations },
    proofs,
    scripts: await listScripts(handbook),
    readLab: async () => lab,
    today,
    ...(inspect ? { inspect } : {}),
  })
  const drills = new Map(
    await Promise.all(
      procedures.map(
        async procedure => [procedure.path, await judgeDrills(procedure, { readText, rules, proofs, lab })] as const,
      ),
    ),
  )
  return {
    file: handbook.file,
    procedures,
    alerts: alertRules(rules),
    drills,
    readiness: kept,
    ...(lab ? { lab } : {}),
    problems: [...addHints(unreadable), ...kept.problems, ...problems],
    waived,
  }
}

/** A handbook whose file cannot be read. */
const NOTHING = {
  procedures: [],
  alerts: [],
  drills: new Map(),
  readiness: { proofs: [], problems: [] },
  waived: [],
}

function alertRules({ rules }: RuleFile): AlertRule[] {
  return rules.filter(rule => rule.kind === 'alert')
}
