import { rmSync } from 'node:fs'
import type { Executor } from '../../execute/index.ts'
import {
  type Actor,
  makeRunId,
  openUnrecordedRun,
  type RunEvent,
  type RunHead,
  type RunStore,
  type RunWriter,
  type Verdict,
} from '../../journal/index.ts'
import { type RunPorts, type RunRequest, runProcedure } from '../../runner/index.ts'
import { RefusedError } from '../errors.ts'
import { inheritVariables } from '../open/inherit-variables.ts'
import { demandOwnNames, onlyReading, readSecrets } from '../open/read-secrets.ts'
import type { Ports, RunListener } from '../ports.ts'
import { listUnreverted } from '../runs/list-unreverted-changes.ts'
import { makeScratch, sweepScratch } from '../runs/scratch-folder.ts'
import { findBeside, openLeases, warnOfOthers } from './exclusion.ts'
import { issueCredential } from './issue-credential.ts'
import { startExecutor } from './start-executor.ts'

/** A run that is ready to begin, or to be resumed. */
export interface ReadyRun {
  readonly request: Omit<RunRequest, 'by' | 'inherited' | 'secrets'>
  readonly store: RunStore
  /** The run that is resumed, and what happened in it; without it, the run is a new one. */
  readonly resumed?: { readonly run: string; readonly events: readonly RunEvent[] }
  /** The id of a new run, when it was given before: then it is recorded under that, or does not take place. */
  readonly run?: string
  /** Whether a person is asked before steps that only read, too. */
  readonly askEach?: boolean
  /** What runs blocks, when it was started before; it is not closed then. */
  readonly executor?: Executor
  /** What keeps blocks from writing anywhere but into the folder for what they hand over. */
  readonly contained?: {
    /** The words behind which they run, given that folder. */
    readonly words: (writable: string) => readonly string[]
    /** What a block that failed says of it. */
    readonly hint: string
  }
  /** The values of the environment's secrets, when they were read before. */
  readonly secrets?: RunRequest['secrets']
  /** Which deployment it is, when other deployments have an environment of the same name: locks are told apart by it. */
  readonly deployment?: string
}

/** How a run ended. */
export interface PerformedRun {
  readonly request: ReadyRun['request']
  readonly ending: Verdict
  /** The hash that its ledger ends with. */
  readonly head: string
  /** Why not all of it is recorded, if so. */
  readonly unrecorded?: string
  /** What is to be said of a record that is not where it should be, or not whole. */
  readonly recordNote?: string
  /** Whether the record was begun, and is not whole. */
  readonly cutOff?: true
  /** Whether the record was begun, and is not there any more. */
  readonly removed?: true
}

/**
 * The one way in which a run takes place. It has the environment's secrets, an executor, a ledger in the store, the lock of what it
 * changes, and a folder for evidence. Puts everything away in the end. Throws a `UsageError` for a secret that cannot be had.
 */
export async function performRun(
  ready: ReadyRun,
  ports: Pick<Ports, 'env' | 'by' | 'bundles' | 'prompter' | 'signal' | 'hurry'>,
  listener: RunListener,
): Promise<PerformedRun> {
  const { environment, cwd } = ready.request
  const { notify } = environment
  const earlier = () => listUnreverted(ready.store, environment.name, environment.deployment)
  demandOwnNames(ready.request.procedure, environment)
  const handsOver = ports.prompter?.away === true && environment.changes === 'terminal'
  const readable = handsOver ? onlyReading(environment) : environment
  const secrets = ready.secrets ?? (await readSecrets(readable, { env: ports.env, folder: cwd }))
  const { writer, scratch, unrecorded, after } = await openRun(ready, ports.by)
  const bundles = ports.bundles
  const own = startExecutor(ready, { bundles, scratch, inherited: inheritVariables(ports.env, bundles) })
  try {
    listener.begin?.(ready.resumed?.events ?? [], unrecorded === undefined)
    const warnings = [...warnOfRecord(writer, ready, unrecorded), ...warnOfOthers(ready)]
    const ending = await runProcedure(
      {
        ...ready.request,
        ...(after === undefined ? {} : { after }),
        ...(handsOver ? { handsOver } : {}),
        inherited: own.inherited,
        secrets,
        by: ports.by,
        warnings: [...warnings, ...ready.request.warnings],
      },
      {
        executor: own.executor,
        writer,
        listen: listener.event,
        ...askPerson(ports, environment),
        async firingAlerts() {
          const { askFiringOf } = await import('../../alerts/index.ts')
          return askFiringOf(ready.request.procedure.alerts, environment)
        },
        // Another deployment of the same name has other changes.
        ...(ready.deployment === undefined ? { earlier, beside: () => findBeside(ready.store, environment) } : {}),
        askEach: ready.askEach ?? false,
        ...(notify === undefined
          ? {}
          : {
              async notify(awaited, signal) {
                const { notifyOf } = await import('../notify.ts')
                await notifyOf(awaited, notify, { env: ports.env, folder: cwd, signal })
              },
            }),
        issue: (ask, signal) => issueCredential(ask, environment, { env: ports.env, folder: cwd, signal }),
        leases: openLeases(ready),
        signal: ports.signal,
        ...(ports.hurry === undefined ? {} : { hurry: ports.hurry }),
        scratch,
      },
    )
    // Now that nothing is printed any more there may be room for the rest.
    await writer.close()
    return { request: ready.request, ending, head: writer.head(), ...describeRecord(writer) }
  } finally {
    await writer.close()
    if (own.isOwn) await own.executor.close()
    rmSync(scratch, { recursive: true, force: true })
    sweepScratch(cwd)
  }
}

/** What a run says at its start of where it is recorded, when that is not where it should be. */
function warnOfRecord({ elsewhere }: RunWriter, { request }: ReadyRun, unrecorded: string | undefined): string[] {
  if (unrecorded !== undefined) {
    const reason =
      request.unrecorded === undefined ? '' : `. It may change something all the same: ${request.unrecorded}`
    return [`this run is not recorded: ${unrecorded}${reason}`]
  }
  if (elsewhere) return [`the record of this run is kept in ${elsewhere.folder}: ${elsewhere.why}`]
  return request.unrecorded === undefined ? [] : ['--unrecorded was not needed: this run is recorded']
}

/** What is to be said at a run's end of a record that is not whole, or not all in its place. */
function describeRecord(writer: RunWriter): Pick<PerformedRun, 'unrecorded' | 'recordNote' | 'cutOff' | 'removed'> {
  const { run, keeping } = writer
  const { at, why } = keeping
  switch (at) {
    case 'ledger': {
      if (why === undefined) return {}
      return { unrecorded: why, cutOff: true, recordNote: `The end of this run may not have reached the disk: ${why}` }
    }
    case 'reserve':
      return {
        recordNote: `The record of this run is whole; its end stands in the room that it had reserved, and handbook runs show ${run} reads it: ${why}`,
      }
    case 'elsewhere':
      return {
        recordNote: `The record of this run is whole; its end stands in ${keeping.file}, and handbook runs show ${run} reads it: ${why}`,
      }
    case 'nowhere': {
      const { from, to } = keeping
      if (to === undefined && from === 1)
        return { unrecorded: why, recordNote: `Nothing of this run is recorded: ${why}` }
      if (from === 1)
        return {
          unrecorded: why,
          cutOff: true,
          removed: true,
          recordNote: `The record of this run is lost: ${why}. Keep what you see here`,
        }
      const which = to === undefined ? `from ${from} on` : from === to ? `${from}` : `${from} to ${to}`
      return {
        unrecorded: why,
        cutOff: true,
        recordNote: `The record of this run is not whole: events ${which} could be written nowhere: ${why}. Keep what you see here`,
      }
    }
    default:
      return keeping satisfies never
  }
}

/**
 * Opens a new run, or the one that is resumed. One that cannot be recorded goes on all the same, for what is full or broken may be what
 * it repairs; `unrecorded` says why. Throws a `RefusedError` for one that is resumed: what it does now would be repeated later.
 */
async function openRun(
  { store, resumed, run: given, request: { cwd } }: ReadyRun,
  by: Actor,
): Promise<{
  readonly writer: RunWriter
  readonly scratch: string
  readonly unrecorded?: string
  readonly after?: readonly RunHead[] | undefined
}> {
  if (resumed !== undefined) {
    const writer = await store.reopen(resumed.run).catch(error => {
      throw new RefusedError(
        `Run ${resumed.run} cannot be resumed: its record cannot be written: ${describe(error)}`,
        'Make room for it, or begin a new run: handbook run PAGE --from STEP',
      )
    })
    return { writer, scratch: makeScratch(resumed.run, cwd, by) }
  }
  const now = () => new Date()
  const run = given ?? makeRunId(now())
  const scratch = makeScratch(run, cwd, by)
  // What it remembers of them keeps them from being made anew; that nothing can be read keeps nobody from running. Its own id is older:
  // whatever had ended by then is there. They are read while it is begun.
  const after = store.heads(run).catch(() => undefined)
  try {
    const writer = await store.begin(run, by)
    return { writer, scratch, after: await after }
  } catch (error) {
    const why = describe(error)
    if (given !== undefined) {
      rmSync(scratch, { recursive: true, force: true })
      throw new RefusedError(
        `Nothing of this run can be recorded: ${why}`,
        'Run it in a terminal: there it is followed',
      )
    }
    return { writer: openUnrecordedRun(scratch, run, why, now), scratch, unrecorded: why }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Without a prompter nobody is asked, and what would have to be asked about stops the run. */
function askPerson(
  { prompter }: Pick<Ports, 'prompter'>,
  environment: RunRequest['environment'],
): Pick<RunPorts, 'confirm' | 'afterFailure' | 'askName' | 'away'> {
  if (!prompter) return { confirm: async () => 'stop' }
  return {
    confirm: (question, signal) => prompter.confirm(question, environment, signal),
    ...(prompter.name && { askName: prompter.name }),
    ...(prompter.away && { away: prompter.away }),
    afterFailure: (step, _, place, signal) => prompter.afterFailure(step, place, signal),
  }
}
