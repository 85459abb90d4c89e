import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook } from '../environments/index.ts'
import { createFileStore } from '../journal/index.ts'
import { readTextFrom } from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { tryBreakages } from '../prove/index.ts'
import {
  type CheckProof,
  checkProofsSchema,
  hashChecks,
  judgeTrial,
  listChecks,
  proveChecks,
  type TrialVerdict,
} from '../readiness/index.ts'
import { formatCheckProofs, formatTrial } from '../report/index.ts'
import { describeActor } from './describe-actor.ts'
import { findCommit } from './find-commit.ts'
import { guess } from './guess.ts'
import { BUNDLES } from './paths.ts'
import { readSecretsBeside } from './read-secrets.ts'
import { inheritVariables } from './start-early.ts'
import { UsageError } from './usage-error.ts'

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
  const { root, file } = handbook
  const chosen = choosePages(pages, options.checks)
  const wanted = listBreakages(chosen, options.checks)
  const say = (text: string) => void (options.json ? process.stderr : process.stdout).write(text)
  const columns = process.stdout.columns
  const total = chosen.reduce((sum, page) => sum + listChecks(page).length, 0)
  say(`${wanted.length} breakages to try, over ${total} checks of ${chosen.length} pages\n`)
  const begun = performance.now()
  const folder = join(root, '.handbook', 'prove', String(process.pid))
  const verdicts: TrialVerdict[] = []
  await tryBreakages(
    chosen,
    wanted,
    {
      root,
      bundles: BUNDLES,
      rules: join(root, file.rules[0] ?? 'static/monitoring'),
      directory: join(folder, 'lab'),
      store: createFileStore(join(folder, 'runs')),
      inherited: inheritVariables(process.env),
      readSecrets: readSecretsBeside(root),
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
  const hashes = await hashChecks(chosen.flatMap(listChecks), readTextFrom(root))
  const circumstances = { date: new Date().toISOString(), commit: await findCommit(root), hashes }
  const proofs = proveChecks(chosen, verdicts, circumstances).filter(proof => isNamed(proof, chosen, options.checks))
  const seconds = (performance.now() - begun) / 1000
  if (options.json) process.stdout.write(`${JSON.stringify({ checks: proofs, breakages: verdicts, seconds })}\n`)
  else process.stdout.write(formatCheckProofs(proofs, seconds, columns))
  if (options.write) await keep(handbook, pages, proofs)
  const failed = proofs.some(({ proven, breaks }) => !proven && breaks.length > 0)
  if (failed) say(`What the checks said: .handbook/prove/${process.pid}/runs\n`)
  else await rm(folder, { recursive: true, force: true })
  return failed ? 1 : 0
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

function listBreakages(pages: readonly Procedure[], names: readonly string[]): string[] {
  const checks = pages.flatMap(page => listChecks(page).map(({ id, breaks }) => ({ page, id, breaks })))
  return [...new Set(checks.flatMap(check => (isNamed(check, pages, names) ? check.breaks : [])))].sort()
}

function isNamed(
  check: { readonly id: string; readonly page: string | Procedure },
  pages: readonly Procedure[],
  names: readonly string[],
): boolean {
  const page = pages.find(page => page === check.page || page.path === check.page)
  return names.length === 0 || names.includes(check.id) || names.includes(`${page?.id}/${check.id}`)
}

/** Adds proofs to those that are kept, in the place of older ones; those of checks that are no more go. */
async function keep(
  { root, pages: all }: Handbook,
  pages: readonly Procedure[],
  proofs: readonly CheckProof[],
): Promise<void> {
  const text = await readFile(join(root, FILE), 'utf8').catch(() => '{"checks":[]}')
  const before = checkProofsSchema.parse(JSON.parse(text)).checks
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
