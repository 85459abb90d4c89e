import { basename } from 'node:path'
import type { Environment, HandbookFile } from '../../environments/index.ts'
import type { Executor } from '../../execute/index.ts'
import { foldRun, type RunEvent, type RunState, type RunStore } from '../../journal/index.ts'
import type { Lab } from '../../lab-port/index.ts'
import type { Procedure } from '../../procedure/index.ts'
import type { AssessedPage } from '../../readiness/index.ts'
import type { RunRequest } from '../../runner/index.ts'
import type { Ports } from '../ports.ts'
import { approveInPractice } from './approve-in-practice.ts'
import { type PerformedRun, performRun } from './perform-run.ts'
import { findWarnings } from './prepare-run.ts'

/** What a run of a page by itself needs of the world. */
export interface RunWorld extends Pick<Ports, 'env' | 'by' | 'bundles' | 'signal'> {
  /** The handbook's folder, in which the page's blocks run and secrets are read. */
  readonly root: string
  /** The handbook's file, which says how often pages are reviewed. */
  readonly file?: HandbookFile
  /** Remembers the runs. */
  readonly store: RunStore
  /** The values of the environment's secrets, when they were read before. */
  readonly secrets?: RunRequest['secrets']
  /** What runs blocks, when several runs share it; it is not closed then. */
  readonly executor?: Executor
  /** An own folder for a lab, when the deployment is one that nobody else has. */
  readonly directory?: string
}

/** What a lab of one's own needs of the world. */
export interface LabWorld extends RunWorld {
  readonly lab: Lab
  /** The folder of the Prometheus rules. */
  readonly rules: string
  readonly directory: string
  readonly timeScale: number
  /** How the lab is made; without it, in the usual way. */
  readonly profile?: string
  /** `false` leaves Prometheus and Alertmanager out; in a drill Diagnose is the signal then, and nothing is proven. */
  readonly prometheus?: boolean
}

/** A run of a page by itself. */
export interface DrilledRun extends Pick<PerformedRun, 'head' | 'unrecorded'> {
  readonly state: RunState
  readonly events: readonly RunEvent[]
}

/**
 * Runs a page exactly as it is published: by itself, asking nobody. With the mode `reading` it ends before the first change; with
 * `rollsBack`, it rolls a run of the page back instead.
 */
export async function runPage(
  procedure: Procedure,
  environment: Environment,
  world: RunWorld,
  listen: (event: RunEvent) => void,
  { mode = 'auto', rollsBack }: Partial<Pick<RunRequest, 'mode' | 'rollsBack'>> = {},
): Promise<DrilledRun> {
  const events: RunEvent[] = []
  const { head, unrecorded } = await performRun(
    {
      request: {
        procedure,
        environment,
        params: Object.fromEntries(
          procedure.params.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
        ),
        mode,
        cwd: world.root,
        warnings: findWarnings(procedure, world.file, new Date()),
        ...(rollsBack === undefined ? {} : { rollsBack }),
      },
      store: world.store,
      ...(world.secrets === undefined ? {} : { secrets: world.secrets }),
      ...(world.executor === undefined ? {} : { executor: world.executor }),
      ...(world.directory === undefined ? {} : { deployment: basename(world.directory) }),
    },
    world,
    {
      event(event) {
        events.push(event)
        void approveInPractice(event, environment, world.store)
        listen(event)
      },
    },
  )
  return { state: foldRun(events), events, head, ...(unrecorded === undefined ? {} : { unrecorded }) }
}

/** How many pages run at the same time. */
const AT_ONCE = 3

/**
 * Runs assessment pages, each once. Pages that only read run beside each other; one whose checks change something runs alone,
 * after them, so that it disturbs nobody's result.
 */
export async function runPages(
  pages: readonly Procedure[],
  environment: Environment,
  world: RunWorld,
  listen: (page: Procedure, event: RunEvent) => void,
): Promise<AssessedPage[]> {
  const runs = new Map<Procedure, AssessedPage>()
  const run = async (page: Procedure) => {
    if (world.signal.aborted) return
    const { events } = await runPage(page, environment, world, event => listen(page, event))
    runs.set(page, { page, events })
  }
  const waiting = pages.filter(onlyReads)
  const takeNext = async () => {
    for (let page = waiting.shift(); page; page = waiting.shift()) await run(page)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeNext))
  for (const page of pages) if (!onlyReads(page)) await run(page)
  return pages.map(page => runs.get(page) ?? { page, events: [] })
}

function onlyReads({ phases }: Procedure): boolean {
  return phases.every(({ steps }) => steps.every(({ risk }) => risk === 'read'))
}
