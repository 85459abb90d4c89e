import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countOf, formatPlace } from '../base/index.ts'
import type { Handbook } from '../environments/index.ts'
import { findCommit, readReadiness } from '../handbook/index.ts'
import { createFileStore } from '../journal/index.ts'
import { choosePage, findNearest, findRulesFolder, guess, UsageError } from '../operate/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { listBreakable, tryMutations } from '../prove/index.ts'
import {
  type CheckProof,
  hashChecks,
  judgeTrial,
  listChecks,
  proveChecks,
  type TrialVerdict,
} from '../readiness/index.ts'
import { formatCheckProofs, formatTrial } from '../report/index.ts'
import { listEveryFault } from './demand-fault.ts'
import { demandLab } from './demand-lab.ts'
import { openProvableContent } from './open-lab-content.ts'
import { BUNDLES } from './paths.ts'
import { describeActor } from './ports.ts'

/** Where the proofs of checks are kept for the site. */
const FILE = 'static/readiness/proofs.json'

/** What to prove, and how to tell it. */
export interface ProveOptions {
  /** The checks named, as `id` or `page/id`; none means all. */
  readonly checks: readonly string[]
  readonly write: boolean
  readonly json: boolean
  readonly signal: AbortSignal
}

/** `handbook assess --prove`: breaks what each check guards, and demands that this check fails, and no other. */
export async function prove(handbook: Handbook, pages: readonly Procedure[], options: ProveOptions): Promise<number> {
  const { root } = handbook
  for (const [page, id] of options.checks.map(name => name.split('/')))
    if (id !== undefined) choosePage(page ?? '', pages, { root, cwd: process.cwd() })
  const before = options.write ? await readKept(root) : []
  const chosen = choosePages(pages, options.checks)
  const wanted = listMutations(chosen, options.checks)
  const lab = await demandLab(handbook)
  for (const name of wanted) demandMutation(name, listBreakable(lab))
  const inLab = wanted.some(name => listEveryFault(lab).includes(name))
  const rules = inLab ? await findRulesFolder(handbook) : ''
  const content = await openProvableContent(root, lab, wanted)
  const say = (text: string) => void (options.json ? process.stderr : process.stdout).write(text)
  const columns = process.stdout.columns
  const total = chosen.reduce((sum, page) => sum + listChecks(page).length, 0)
  say(
    `${countOf(wanted.length, 'mutation')} to try, over ${countOf(total, 'check')} of ${countOf(chosen.length, 'page')}\n`,
  )
  const begun = performance.now()
  const folder = join(root, '.handbook', 'prove', String(process.pid))
  const verdicts: TrialVerdict[] = []
  await tryMutations(
    chosen,
    wanted,
    {
      root,
      lab,
      bundles: BUNDLES,
      rules,
      directory: join(folder, 'lab'),
      store: createFileStore(join(folder, 'runs')),
      env: process.env,
      by: describeActor(),
      timeScale: 60,
      signal: options.signal,
    },
    {
      say: line => say(`${line}\n`),
      tried(trial, seconds) {
        const verdict = judgeTrial(trial)
        verdicts.push(verdict)
        say(formatTrial(verdict, seconds, columns))
      },
    },
  )
  if (options.signal.aborted) {
    await rm(folder, { recursive: true, force: true })
    return 130
  }
  const standsOn = hashChecks(chosen, content)
  const circumstances = { date: new Date().toISOString(), commit: await findCommit(handbook), standsOn }
  const proofs = proveChecks(chosen, verdicts, circumstances).filter(proof => isNamed(proof, chosen, options.checks))
  const seconds = (performance.now() - begun) / 1000
  if (options.json) process.stdout.write(`${JSON.stringify({ checks: proofs, ...nameTwice(verdicts), seconds })}\n`)
  else process.stdout.write(formatCheckProofs(proofs, seconds, columns))
  if (options.write) await keep(handbook, pages, before, proofs)
  const failed = proofs.some(({ proven, breaks }) => !proven && breaks.length > 0)
  if (failed) say(`What the checks said: .handbook/prove/${process.pid}/runs\n`)
  else await rm(folder, { recursive: true, force: true })
  return failed ? 1 : 0
}

/** Scripts elsewhere know mutations as breakages, which was their name. */
function nameTwice(mutations: readonly TrialVerdict[]) {
  return { mutations, breakages: mutations.map(verdict => ({ ...verdict, breakage: verdict.mutation })) }
}

/** The pages of the checks that are named. Throws a `UsageError` for one that there is not. */
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
    `A check names ${name}, and nothing breaks that way`,
    `${nearest === undefined ? '' : `Did you mean ${nearest}? `}What is wrong where: handbook check`,
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

/** The proofs that are kept. Throws a `UsageError` when their file is wrong: what it holds would be lost. */
async function readKept(root: string): Promise<readonly CheckProof[]> {
  const { proofs, problems } = await readReadiness(root)
  const wrong = problems.find(({ file }) => file === FILE)
  if (wrong) throw new UsageError(`${formatPlace(wrong)} ${wrong.message}`, wrong.hint)
  return proofs
}

/** Adds proofs to those that are kept, in the place of older ones; those of checks that are no more go. */
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
