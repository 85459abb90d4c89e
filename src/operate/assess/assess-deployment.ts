import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { formatPlace } from '../../base/index.ts'
import type { Handbook } from '../../environments/index.ts'
import { findCommit, readCatalogue, readReadiness } from '../../handbook/index.ts'
import type { RunEvent } from '../../journal/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import { type Assessment, assess, type Catalogue, findItem, keepHistory, listChecks } from '../../readiness/index.ts'
import { guess, UsageError } from '../errors.ts'
import { demandFacts, openEnvironment } from '../open/open-environment.ts'
import { findStore, readProcedures } from '../open/open-handbook.ts'
import { readSecrets } from '../open/read-secrets.ts'
import { runPages } from '../perform/run-unattended.ts'
import type { Ports } from '../ports.ts'
import { type Reconstructed, reconstructClaimed } from './reconstruct-claimed.ts'

/** What to assess, and where. */
export interface AssessOptions {
  readonly handbook: Handbook
  /** The assessment pages, as `readAssessmentPages` gives them. */
  readonly pages: readonly Procedure[]
  readonly catalogue: Catalogue
  /** The environment's name; without it, a running lab. */
  readonly environment?: string | undefined
  /** Only this area. */
  readonly area?: string | undefined
}

/** What was found. */
export interface AssessedDeployment {
  readonly assessment: Assessment
  /** Why steps were not allowed to run, if any were not. */
  readonly refused: readonly string[]
}

/**
 * Runs every page, and scores what the checks found; a practice deployment is started for that, if need be. Gives nothing when it was
 * cancelled: half an assessment would read as a bad one.
 */
export async function assessDeployment(
  { handbook, pages, catalogue, environment: name, area }: AssessOptions,
  ports: Ports,
  listen: (page: Procedure, event: RunEvent) => void,
): Promise<AssessedDeployment | undefined> {
  const { root, file } = handbook
  const { environment, close } = await openEnvironment(handbook, name, ports.practice, ports)
  let reconstructed: Reconstructed | undefined
  try {
    reconstructed = await reconstructClaimed(handbook, environment, ports)
    for (const page of pages) demandFacts(environment, handbook, page)
    const { env, by, bundles, signal } = ports
    // Once for all pages: a command may ask somebody to unlock a key.
    const secrets = await readSecrets(environment, { env, folder: root })
    const world = {
      root: reconstructed?.folder ?? root,
      file,
      store: findStore(root, env),
      env,
      by,
      bundles,
      signal,
      secrets,
    }
    const runs = await runPages(pages, environment, world, listen)
    if (signal.aborted) return undefined
    const circumstances = {
      environment: environment.name,
      ...(environment.profile === undefined ? {} : { profile: environment.profile }),
      date: new Date().toISOString(),
      commit: await findCommit(handbook),
      pages: Object.fromEntries(pages.map(({ path, hash }) => [path, hash])),
      ...(reconstructed === undefined ? {} : { reconstruction: reconstructed.reconstruction }),
    }
    const refused = runs.flatMap(({ events }) =>
      events.flatMap(event => (event.type === 'run.finished' ? (event.refused ?? []) : [])),
    )
    return { assessment: assess(runs, catalogue, circumstances, area === undefined ? undefined : [area]), refused }
  } finally {
    await reconstructed?.remove()
    await close()
  }
}

/** Where the newest assessments are kept for the site, relative to the handbook's root: what was measured, and what was reconstructed. */
const FILE = 'static/readiness/assessment.json'
const RECONSTRUCTED = 'static/readiness/reconstructed.json'

/** Writes an assessment down with a line for each one of its kind that was kept before, and gives its file, without a path of this machine: what it is published for is everybody's. */
export async function keepAssessment(root: string, assessment: Assessment): Promise<string> {
  const file = assessment.reconstruction ? RECONSTRUCTED : FILE
  await mkdir(dirname(join(root, file)), { recursive: true })
  const kept = await readReadiness(root)
  const before = assessment.reconstruction ? kept.reconstructed : kept.assessment
  const text = JSON.stringify(keepHistory(assessment, before), null, 2).replaceAll(
    JSON.stringify(root).slice(1, -1),
    '.',
  )
  await writeFile(join(root, file), `${text}\n`)
  return file
}

/** The catalogue that a handbook names, if it names one. Throws a `UsageError` when it is wrong, or not there. */
export async function openCatalogue(handbook: Handbook): Promise<Catalogue | undefined> {
  const { catalogue, problems } = await readCatalogue(handbook)
  const [wrong] = problems
  if (wrong) throw new UsageError(`${formatPlace(wrong)} ${wrong.message}`, wrong.hint)
  return catalogue
}

/** The same, by which a score is computed. Throws a `UsageError` when there is none. */
export function demandCatalogue(catalogue: Catalogue | undefined): Catalogue {
  if (catalogue) return catalogue
  throw new UsageError(
    'This handbook names no catalogue of what is assessed',
    'Write one, and name it under readiness: in handbook.yaml; see docs/contributing/write-a-check.md',
  )
}

/**
 * The assessment pages of a handbook, or those of one area. Throws a `UsageError` for one that cannot be read, and for one with a check
 * that measures nothing in the catalogue. Such a check would count for nothing in silence.
 */
export async function readAssessmentPages(
  handbook: Handbook,
  catalogue: Catalogue | undefined,
  area: string | undefined,
): Promise<readonly Procedure[]> {
  const all = (await readProcedures(handbook)).filter(({ kind }) => kind === 'assessment')
  const areas = catalogue ? catalogue.areas.map(({ id }) => id) : all.flatMap(({ area }) => area ?? [])
  if (area !== undefined && !areas.includes(area)) throw new UsageError(`There is no area ${area}`, guess(area, areas))
  for (const page of all) refuseBroken(page, catalogue)
  const pages = area === undefined ? all : all.filter(page => page.area === area)
  if (pages.length > 0) return pages
  const what = area === undefined ? 'This handbook has no assessment page' : `No page assesses the area ${area}`
  throw new UsageError(what, 'Write one: docs/contributing/write-a-check.md')
}

function refuseBroken({ problems, path, area, ...page }: Procedure, catalogue: Catalogue | undefined): void {
  const broken = problems.find(({ severity }) => severity === 'error')
  if (broken) throw new UsageError(`${formatPlace(broken)} ${broken.message}`, broken.hint)
  if (area === undefined) throw new UsageError(`${path} does not say which area it assesses`, 'Add area: to it')
  for (const { items, block, title } of listChecks({ problems, path, ...page })) {
    const place = formatPlace({ file: path, ...block.fence })
    const unknown = items.find(id => catalogue && findItem(catalogue, id)?.area.id !== area)
    if (unknown !== undefined) throw new UsageError(`${place} The area ${area} has no item ${unknown}`)
    if (items.length === 0) throw new UsageError(`${place} “${title}” names no item`, 'Add item=ID behind the language')
  }
}
