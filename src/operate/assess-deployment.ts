import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Handbook } from '../environments/index.ts'
import { findCommit } from '../handbook/index.ts'
import type { RunEvent } from '../journal/index.ts'
import type { Procedure } from '../procedure/index.ts'
import { type Assessment, assess, type Catalogue } from '../readiness/index.ts'
import { openEnvironment } from './open-environment.ts'
import { findStore } from './open-handbook.ts'
import type { Ports } from './ports.ts'
import { readSecrets } from './read-secrets.ts'
import { runPages } from './run-pages.ts'

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
  try {
    const { env, by, bundles, signal } = ports
    // Once for all pages: a command may ask somebody to unlock a key.
    const secrets = await readSecrets(environment, { env, folder: root })
    const world = { root, file, store: findStore(root, env), env, by, bundles, signal, secrets }
    const runs = await runPages(pages, environment, world, listen)
    if (signal.aborted) return undefined
    const circumstances = {
      environment: environment.name,
      date: new Date().toISOString(),
      commit: await findCommit(handbook),
      pages: Object.fromEntries(pages.map(({ path, hash }) => [path, hash])),
    }
    const refused = runs.flatMap(({ events }) =>
      events.flatMap(event => (event.type === 'run.finished' ? (event.refused ?? []) : [])),
    )
    return { assessment: assess(runs, catalogue, circumstances, area === undefined ? undefined : [area]), refused }
  } finally {
    await close()
  }
}

/** Where the newest assessment is kept for the site, relative to the handbook's root. */
const FILE = 'static/readiness/assessment.json'

/** Writes an assessment down, and gives its file, without a path of this machine: what it is published for is everybody's. */
export async function keepAssessment(root: string, assessment: Assessment): Promise<string> {
  await mkdir(dirname(join(root, FILE)), { recursive: true })
  const text = JSON.stringify(assessment, null, 2).replaceAll(JSON.stringify(root).slice(1, -1), '.')
  await writeFile(join(root, FILE), `${text}\n`)
  return FILE
}
