import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countOf } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { findCommit, readProofs } from '../handbook/index.ts'
import { coverMitigations, judgeProof, keepAlsoFired, type MitigationCoverage, type Proof } from '../journal/index.ts'
import { findRulesFolder, findStore, type Ports, UsageError } from '../operate/index.ts'
import { shuffle } from './chance.ts'
import { type DrilledPage, type DrillPlan, planDrills } from './plan-drills.ts'
import { type DrillProgress, type DrillWorld, runDrill } from './run-drill.ts'

/** Which drills to perform, and how. */
export interface DrillOptions extends Pick<DrillWorld, 'timeScale' | 'prometheus' | 'profile' | 'intensity'> {
  readonly handbook: Handbook
  /** A page, by its id, path, alert or file; a drill; or a fault. */
  readonly name: string | undefined
  /** Every drill of the handbook. */
  readonly all: boolean
  /** The folder that the proofs are written to, absolute. */
  readonly proofs: string
  /** Only those that are not proven as things are now. */
  readonly changed?: boolean
  /** One of so many equal parts of them, counted from 1. */
  readonly shard?: { readonly part: number; readonly of: number }
  /** What their order and the moments of their faults are drawn from; without it, the pages' order and no delay. */
  readonly seed?: string
  /** How often each is performed, 1 by default. The proof of a drill that failed once is that one. */
  readonly times?: number
}

/** What drills proved, one after the other, and which mitigations, roll-back steps and suggestions of their pages are drilled by now. */
export interface Drilled {
  readonly proofs: readonly Proof[]
  readonly coverage: readonly PageCoverage[]
}

/** What of a page is drilled. */
export interface PageCoverage extends MitigationCoverage {
  readonly procedure: string
}

/** Receives the progress. */
export interface DrillListener {
  readonly begin: (drill: string) => void
  readonly progress: (progress: DrillProgress) => void
  readonly end: (proof: Proof) => void
}

/**
 * Performs drills one after the other and writes each proof at once. Throws a `UsageError` before anything starts for an unknown name or
 * fault, and for more parts than drills. Returns fewer proofs than drills only when it was cancelled, or when only those that changed were
 * wanted.
 */
export async function drillPages(
  { handbook, name, all, proofs: folder, timeScale, prometheus, profile, intensity, seed, ...which }: DrillOptions,
  { cwd, env, by, bundles, signal }: Ports,
  listener: DrillListener,
): Promise<Drilled> {
  const { root, file } = handbook
  const { plans: named, pages, lab } = await planDrills(handbook, { name, all, cwd })
  const before = (await readProofs(handbook)).proofs
  const plans = choosePlans(named, which, before)
  const rules = await findRulesFolder(handbook)
  const store = findStore(root, env)
  await mkdir(folder, { recursive: true })
  const proofs: Proof[] = []
  const order = seed === undefined ? plans : shuffle(plans, seed, ({ id }) => id)
  for (const { plan, title, nth } of repeat(order, which.times ?? 1)) {
    if (signal.aborted) break
    listener.begin(title)
    const directory = join(root, '.handbook', 'drills', plan.id)
    const commit = await findCommit(handbook)
    const world = { root, lab, file, bundles, rules, directory, store, env, by, commit, timeScale, signal }
    const chosen = {
      ...(prometheus === undefined ? {} : { prometheus }),
      ...(profile === undefined ? {} : { profile }),
      ...(intensity === undefined ? {} : { intensity }),
      ...(seed === undefined ? {} : { seed: nth === 1 ? seed : `${seed}-${nth}` }),
    }
    const former = proofs.findLast(({ id }) => id === plan.id) ?? before.find(({ id }) => id === plan.id)
    const proof = keepAlsoFired(await runDrill(plan, { ...world, ...chosen }, listener.progress), former)
    listener.end(proof)
    const isSettled = proofs.some(({ id, proven }) => id === proof.id && !proven)
    proofs.push(proof)
    if (!isSettled) await writeFile(join(folder, `${proof.id}.json`), `${JSON.stringify(proof, null, 2)}\n`)
    await rm(directory, { recursive: true, force: true })
  }
  const earlier = before.filter(({ id }) => proofs.every(proof => proof.id !== id))
  return { proofs, coverage: pages.map(page => cover(page, [...proofs, ...earlier])) }
}

function choosePlans(
  plans: readonly DrillPlan[],
  { changed = false, shard = { part: 1, of: 1 } }: Pick<DrillOptions, 'changed' | 'shard'>,
  proofs: readonly Proof[],
): readonly DrillPlan[] {
  const { part, of } = shard
  if (of > plans.length)
    throw new UsageError(
      `--shard ${part}/${of}: ${countOf(plans.length, 'drill')} cannot be so many parts`,
      'Make fewer parts',
    )
  return plans
    .filter((_, index) => index % of === part - 1)
    .filter(({ id, standsOn }) => {
      const proof = proofs.find(proof => proof.id === id)
      return !changed || judgeProof(proof, standsOn).state !== 'proven'
    })
}

interface RepeatedPlan {
  readonly plan: DrillPlan
  readonly title: string
  /** Which time of this drill it is, counted from 1. */
  readonly nth: number
}

/** Each drill so many times, one after the other, with what it is called then. */
function repeat(plans: readonly DrillPlan[], times: number): readonly RepeatedPlan[] {
  return plans.flatMap(plan =>
    Array.from({ length: times }, (_, index) => ({
      plan,
      nth: index + 1,
      title: times === 1 ? plan.id : `${plan.id} (${index + 1} of ${times})`,
    })),
  )
}

function cover({ procedure, suggestions, drills }: DrilledPage, proofs: readonly Proof[]): PageCoverage {
  const list = (phase: string) =>
    procedure.phases.flatMap(({ name, steps }) => (name === phase ? steps.map(({ id }) => id) : []))
  const states = drills.map(({ id, standsOn }) =>
    judgeProof(
      proofs.find(proof => proof.id === id && !proof.proven) ?? proofs.find(proof => proof.id === id),
      standsOn,
    ),
  )
  return {
    procedure: procedure.id,
    ...coverMitigations({ mitigations: list('mitigate'), rollBack: list('roll-back'), suggestions }, states),
  }
}
