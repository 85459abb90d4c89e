import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type BlockWorker, startWorker } from '../execute/index.ts'
import {
  type Actor,
  makeRunId,
  openUnrecordedRun,
  type RunEvent,
  type RunStore,
  type RunWriter,
} from '../journal/index.ts'
import { type Ending, type RunPorts, type RunRequest, runProcedure } from '../runner/index.ts'
import { inheritVariables } from './inherit-variables.ts'
import type { Ports, RunListener } from './ports.ts'
import { readSecrets } from './read-secrets.ts'
import { makeScratch } from './scratch.ts'

/** A run that is ready to begin, or to be resumed. */
export interface ReadyRun {
  readonly request: Omit<RunRequest, 'by' | 'inherited' | 'secrets'>
  readonly store: RunStore
  /** The run that is resumed, and what happened in it; without it, the run is a new one. */
  readonly resumed?: { readonly run: string; readonly events: readonly RunEvent[] }
  /** Whether a person is asked before steps that only read, too. */
  readonly askEach?: boolean
  /** The worker, when one was started before; it is not closed then. */
  readonly worker?: BlockWorker
  /** The values of the environment's secrets, when they were read before. */
  readonly secrets?: RunRequest['secrets']
  /** Which deployment it is, when other deployments have an environment of the same name: locks are told apart by it. */
  readonly deployment?: string
}

/** How a run ended. */
export interface PerformedRun {
  readonly request: ReadyRun['request']
  readonly ending: Ending
  /** The hash that its ledger ends with. */
  readonly head: string
  /** Why not all of it is recorded, if so. */
  readonly unrecorded?: string
}

/**
 * The one way in which a run takes place: with the environment's secrets, a worker, a ledger in the store, the lock of what it changes,
 * and a folder for what blocks hand over. Puts everything away in the end. Throws a `UsageError` for a secret that cannot be had.
 */
export async function performRun(
  ready: ReadyRun,
  ports: Pick<Ports, 'env' | 'by' | 'bundles' | 'prompter' | 'signal'>,
  listener: RunListener,
): Promise<PerformedRun> {
  const { environment, cwd } = ready.request
  const inherited = inheritVariables(ports.env, ports.bundles)
  const worker = ready.worker ?? startWorker(join(ports.bundles, 'worker.cjs'), inherited)
  try {
    const secrets = ready.secrets ?? (await readSecrets(environment, { env: ports.env, folder: cwd }))
    // What it remembers of them keeps them from being made anew; that nothing can be read keeps nobody from running.
    const after = ready.resumed ? undefined : await ready.store.heads().catch(() => undefined)
    const { writer, scratch, unrecorded } = await openRun(ready, ports.by)
    try {
      listener.begin?.(ready.resumed?.events ?? [])
      const warnings = unrecorded === undefined ? [] : [`this run is not recorded: ${unrecorded}`]
      const ending = await runProcedure(
        {
          ...ready.request,
          ...(after === undefined ? {} : { after }),
          inherited,
          secrets,
          by: ports.by,
          warnings: [...warnings, ...ready.request.warnings],
        },
        {
          worker,
          writer,
          listen: listener.event,
          ...askPerson(ports, environment),
          async firingAlerts() {
            const { askFiring } = await import('../alerts/index.ts')
            return askFiring(environment.alertmanagerUrl)
          },
          askEach: ready.askEach ?? false,
          leases: nameDeployment(ready),
          signal: ports.signal,
          scratch,
        },
      )
      const lost = unrecorded ?? writer.problem
      return {
        request: ready.request,
        ending,
        head: writer.head(),
        ...(lost === undefined ? {} : { unrecorded: lost }),
      }
    } finally {
      await writer.close()
      rmSync(scratch, { recursive: true, force: true })
    }
  } finally {
    if (!ready.worker) await worker.close()
  }
}

/**
 * Opens a new run, or the one that is resumed. One that cannot be recorded goes on all the same, for what is full or broken may be what
 * it repairs; `unrecorded` says why.
 */
async function openRun(
  { store, resumed, request: { cwd } }: ReadyRun,
  by: Actor,
): Promise<{ readonly writer: RunWriter; readonly scratch: string; readonly unrecorded?: string }> {
  if (resumed !== undefined) {
    const writer = await store.reopen(resumed.run)
    return { writer, scratch: makeScratch(resumed.run, cwd) }
  }
  const now = () => new Date()
  const run = makeRunId(now())
  const scratch = makeScratch(run, cwd)
  try {
    return { writer: await store.begin(run, by), scratch }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { writer: openUnrecordedRun(scratch, run, now), scratch, unrecorded: why }
  }
}

/** Without a prompter nobody is asked, and what would have to be asked about stops the run. */
function askPerson(
  { prompter }: Pick<Ports, 'prompter'>,
  environment: RunRequest['environment'],
): Pick<RunPorts, 'confirm' | 'afterFailure'> {
  if (!prompter) return { confirm: async () => 'stop' }
  return {
    confirm: (question, signal) => prompter.confirm(question, environment, signal),
    afterFailure: (step, _, place, signal) => prompter.afterFailure(step, place, signal),
  }
}

function nameDeployment({ store, deployment }: ReadyRun): Pick<RunStore, 'lease'> {
  if (deployment === undefined) return store
  return {
    lease: (subject, holder) =>
      store.lease(
        'environment' in subject ? { ...subject, environment: `${subject.environment}-${deployment}` } : subject,
        holder,
      ),
  }
}
