import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { countOf } from '../base/index.ts'
import { findCommit } from '../handbook/index.ts'
import type { MatrixRow } from '../journal/index.ts'
import { demandReadable, findRulesFolder, findStore, type Ports, readProcedures, UsageError } from '../operate/index.ts'
import { diagnoseFault, type FaultPlan } from './diagnose-fault.ts'
import type { DrillOptions } from './drill-pages.ts'
import { type DrillPlan, planDrills } from './plan-drills.ts'
import type { DrillProgress } from './run-drill.ts'

/** Receives the progress. */
export interface MatrixListener {
  readonly begin: (fault: string) => void
  readonly progress: (progress: DrillProgress) => void
  readonly end: (row: MatrixRow) => void
}

/**
 * For each fault of the chosen drills: what every runbook makes of it, as far as it only reads. Throws a `UsageError` before anything
 * starts, for what `planDrills` refuses, and for more parts than faults. Returns fewer rows than faults only when it was cancelled.
 */
export async function drawMatrix(
  { handbook, name, all, shard, timeScale, profile }: Omit<DrillOptions, 'proofs' | 'changed' | 'times' | 'prometheus'>,
  { cwd, env, by, bundles, signal }: Ports,
  listener: MatrixListener,
): Promise<readonly MatrixRow[]> {
  const { root, file } = handbook
  const { plans, lab } = await planDrills(handbook, { name, all, cwd })
  const runbooks = (await readProcedures(handbook)).filter(({ kind }) => kind === 'runbook')
  for (const runbook of runbooks) demandReadable(runbook)
  const faults = chooseFaults(listRows(plans), shard)
  const rules = await findRulesFolder(handbook)
  const store = findStore(root, env)
  const commit = await findCommit(handbook)
  const rows: MatrixRow[] = []
  for (const { fault, alerts } of faults) {
    if (signal.aborted) break
    listener.begin(fault)
    const directory = join(root, '.handbook', 'drills', `matrix--${fault}`)
    const world = { root, lab, file, bundles, rules, directory, store, env, by, commit, timeScale, signal }
    const row = await diagnoseFault(
      { fault, alerts, pages: runbooks },
      { ...world, ...(profile === undefined ? {} : { profile }) },
      (stage, detail) =>
        listener.progress({ type: 'stage', drill: fault, stage, ...(detail === undefined ? {} : { detail }) }),
    )
    listener.end(row)
    rows.push(row)
    await rm(directory, { recursive: true, force: true })
  }
  return rows
}

/** The faults of drills that bring about no other one, each once, with the alerts that these wait for. */
export function listRows(plans: readonly Pick<DrillPlan, 'procedure' | 'drill'>[]): Omit<FaultPlan, 'pages'>[] {
  const alone = plans.filter(({ drill }) => drill.with === undefined)
  if (alone.length === 0) throw new UsageError('The matrix brings about one fault at a time', 'Name it alone')
  return [...new Set(alone.map(({ drill }) => drill.fault))].map(fault => {
    const alerts = alone
      .filter(({ drill }) => drill.fault === fault)
      .flatMap(({ procedure, drill }) => drill.alert ?? procedure.alerts[0] ?? [])
    return { fault, alerts: [...new Set(alerts)] }
  })
}

function chooseFaults<Listed>(
  faults: readonly Listed[],
  { part, of }: NonNullable<DrillOptions['shard']> = { part: 1, of: 1 },
): readonly Listed[] {
  if (of > faults.length)
    throw new UsageError(
      `--shard ${part}/${of}: ${countOf(faults.length, 'fault')} cannot be so many parts`,
      'Make fewer parts',
    )
  return faults.filter((_, index) => index % of === part - 1)
}
