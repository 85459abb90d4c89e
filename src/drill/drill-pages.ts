import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook } from '../environments/index.ts'
import { findCommit } from '../handbook/index.ts'
import type { Proof } from '../journal/index.ts'
import { findRulesFolder, findStore, type Ports } from '../operate/index.ts'
import { planDrills } from './plan-drills.ts'
import { type DrillProgress, type DrillWorld, runDrill } from './run-drill.ts'

/** Which drills to perform, and how. */
export interface DrillOptions extends Pick<DrillWorld, 'timeScale' | 'prometheus' | 'profile'> {
  readonly handbook: Handbook
  /** A page, by its id, path, alert or file; or a drill. */
  readonly name: string | undefined
  /** Every drill of the handbook. */
  readonly all: boolean
  /** The folder that the proofs are written to, absolute. */
  readonly proofs: string
}

/** Receives the progress. */
export interface DrillListener {
  readonly begin: (drill: string) => void
  readonly progress: (progress: DrillProgress) => void
  readonly end: (proof: Proof) => void
}

/**
 * Performs drills one after the other and writes each proof at once. Throws a `UsageError` before anything starts for an unknown name or
 * fault. Returns fewer proofs than drills only when it was cancelled.
 */
export async function drillPages(
  { handbook, name, all, proofs: folder, timeScale, prometheus, profile }: DrillOptions,
  { cwd, env, by, bundles, signal }: Ports,
  listener: DrillListener,
): Promise<readonly Proof[]> {
  const { root, file } = handbook
  const { plans, lab } = await planDrills(handbook, { name, all, cwd })
  const rules = await findRulesFolder(handbook)
  const store = findStore(root, env)
  await mkdir(folder, { recursive: true })
  const proofs: Proof[] = []
  for (const plan of plans) {
    if (signal.aborted) break
    listener.begin(plan.id)
    const directory = join(root, '.handbook', 'drills', plan.id)
    const commit = await findCommit(handbook)
    const world = { root, lab, file, bundles, rules, directory, store, env, by, commit, timeScale, signal }
    const chosen = {
      ...(prometheus === undefined ? {} : { prometheus }),
      ...(profile === undefined ? {} : { profile }),
    }
    const proof = await runDrill(plan, { ...world, ...chosen }, listener.progress)
    listener.end(proof)
    proofs.push(proof)
    await writeFile(join(folder, `${proof.id}.json`), `${JSON.stringify(proof, null, 2)}\n`)
    await rm(directory, { recursive: true, force: true })
  }
  return proofs
}
