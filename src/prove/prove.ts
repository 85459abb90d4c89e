import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countOf, formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { findCommit, readReadiness } from '../handbook/index.ts'
import { createFileStore } from '../journal/index.ts'
import {
  choosePage,
  demandLab,
  findNearest,
  findRulesFolder,
  guess,
  listBreakable,
  listEveryFault,
  openProvableContent,
  type Ports,
  UsageError,
} from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import {
  type CheckProof,
  hashChecks,
  judgeTrial,
  listChecks,
  proveChecks,
  type TrialVerdict,
} from '../readiness/index.ts'
import { tryMutations } from './try-mutations.ts'

/** Where the proofs of checks are kept for the site. */
const FILE = 'static/readiness/proofs.json'

/** The checks to prove, and how. */
export interface ProveOptions {
  readonly handbook: Handbook
  readonly pages: readonly Procedure[]
  /** The named checks, as `id` or `page/id`; none means all. */
  readonly checks: readonly string[]
  /** Whether the proofs are kept for the site. */
  readonly write: boolean
  /** How the lab is made; without it, in the usual way. */
  readonly profile?: string
}

/** Receives the progress. */
export interface ProveListener {
  readonly say: (line: string) => void
  readonly tried: (verdict: TrialVerdict, seconds: number) => void
}

/** The result of the proofs. */
export interface ProvenChecks {
  readonly proofs: readonly CheckProof[]
  readonly mutations: readonly TrialVerdict[]
  readonly seconds: number
  /** The folder of the runs, relative to the handbook. It is kept only when a check failed its proof. */
  readonly runs?: string
}

/**
 * Breaks what each check guards, and requires that this check fails and no other. Returns nothing when it was cancelled. Throws a
 * `UsageError` for an unknown name before anything is broken.
 */
export async function prove(
  { handbook, pages, checks, write, profile }: ProveOptions,
  ports: Ports,
  listener: ProveListener,
): Promise<ProvenChecks | undefined> {
  const { root } = handbook
  const { signal, env, by, bundles, cwd } = ports
  for (const [page, id] of checks.map(name => name.split('/')))
    if (id !== undefined) choosePage(page ?? '', pages, { root, cwd })
  const before = write ? await readKept(root) : []
  const chosen = choosePages(pages, checks)
  const wanted = listMutations(chosen, checks)
  const lab = await demandLab(handbook)
  for (const name of wanted) demandMutation(name, listBreakable(lab))
  const inLab = wanted.some(name => listEveryFault(lab).includes(name))
  const rules = inLab ? await findRulesFolder(handbook) : ''
  const content = await openProvableContent(root, lab, wanted)
  const total = chosen.reduce((sum, page) => sum + listChecks(page).length, 0)
  listener.say(
    `${countOf(wanted.length, 'mutation')} to try, over ${countOf(total, 'check')} of ${countOf(chosen.length, 'page')}`,
  )
  const begun = performance.now()
  const own = join('.handbook', 'prove', String(by.pid))
  const folder = join(root, own)
  const store = createFileStore(join(folder, 'runs'))
  const world = { root, lab, bundles, rules, directory: join(folder, 'lab'), store, env, by, timeScale: 60, signal }
  const mutations: TrialVerdict[] = []
  await tryMutations(chosen, wanted, profile === undefined ? world : { ...world, profile }, {
    say: listener.say,
    tried(trial, seconds) {
      const verdict = judgeTrial(trial)
      mutations.push(verdict)
      listener.tried(verdict, seconds)
    },
  })
  if (signal.aborted) {
    await rm(folder, { recursive: true, force: true })
    return undefined
  }
  const standsOn = hashChecks(chosen, content)
  const circumstances = { date: new Date().toISOString(), commit: await findCommit(handbook), standsOn }
  const proofs = proveChecks(chosen, mutations, circumstances).filter(proof => isNamed(proof, chosen, checks))
  if (write) await keep(handbook, pages, before, proofs)
  const failed = proofs.some(({ proven, breaks }) => !proven && breaks.length > 0)
  if (!failed) await rm(folder, { recursive: true, force: true })
  const seconds = (performance.now() - begun) / 1000
  return { proofs, mutations, seconds, ...(failed ? { runs: join(own, 'runs') } : {}) }
}

/** The pages of the named checks. Throws a `UsageError` for an unknown check. */
function choosePages(pages: readonly Procedure[], names: readonly string[]): readonly Procedure[] {
  const all = pages.flatMap(page => listChecks(page).map(({ id }) => ({ page, id })))
  for (const name of names) {
    if (all.some(({ page, id }) => name === id || name === `${page.id}/${id}`)) continue
    throw new UsageError(
      `There is no check ${name}`,
      guess(
        name,
        all.map(({ id }) => id),
      ),
    )
  }
  if (names.length === 0) return pages
  return pages.filter(page => all.some(check => check.page === page && isNamed(check, pages, names)))
}

function listMutations(pages: readonly Procedure[], names: readonly string[]): string[] {
  const checks = pages.flatMap(page => listChecks(page).map(({ id, breaks }) => ({ page, id, breaks })))
  return [...new Set(checks.flatMap(check => (isNamed(check, pages, names) ? check.breaks : [])))].sort()
}

function demandMutation(name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const nearest = findNearest(name, known)
  throw new UsageError(
    `A check names the mutation ${name}, which does not exist`,
    `${nearest === undefined ? '' : `Did you mean ${nearest}? `}See handbook check`,
  )
}

function isNamed(
  check: { readonly id: string; readonly page: string | Procedure },
  pages: readonly Procedure[],
  names: readonly string[],
): boolean {
  const page = pages.find(page => page === check.page || page.path === check.page)
  return names.length === 0 || names.includes(check.id) || names.includes(`${page?.id}/${check.id}`)
}

/** The stored proofs. Throws a `UsageError` when their file is broken, because writing would lose them. */
async function readKept(root: string): Promise<readonly CheckProof[]> {
  const { proofs, problems } = await readReadiness(root)
  const wrong = problems.find(({ file }) => file === FILE)
  if (wrong) throw new UsageError(`${formatPlace(wrong)} ${wrong.message}`, wrong.hint)
  return proofs
}

/** Stores proofs in place of older ones. Proofs of checks that no longer exist are removed. */
async function keep(
  { root, pages: all }: Handbook,
  pages: readonly Procedure[],
  before: readonly CheckProof[],
  proofs: readonly CheckProof[],
): Promise<void> {
  const find = (list: readonly CheckProof[], page: string, id: string) =>
    list.find(proof => proof.page === page && proof.id === id)
  const others = before.filter(({ page }) => all.includes(page) && !pages.some(({ path }) => path === page))
  const own = pages.flatMap(({ path, ...page }) =>
    listChecks({ path, ...page }).flatMap(({ id }) => find(proofs, path, id) ?? find(before, path, id) ?? []),
  )
  await mkdir(join(root, FILE, '..'), { recursive: true })
  await writeFile(
    join(root, FILE),
    `${JSON.stringify({ checks: [...others, ...own] }, null, 2).replaceAll(JSON.stringify(root).slice(1, -1), '.')}\n`,
  )
}
