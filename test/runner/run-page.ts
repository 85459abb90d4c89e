import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { bareEnvironment, type Environment } from '../../src/environments/index.ts'
import { startLocalExecutor } from '../../src/execute/index.ts'
import {
  createFileStore,
  type Recording,
  type RunEvent,
  type RunHistory,
  readHistory,
} from '../../src/journal/index.ts'
import { type ParamValue, parseProcedure } from '../../src/procedure/index.ts'
import { type Clock, type RunPorts, type RunRequest, runProcedure } from '../../src/runner/index.ts'

/** What differs from one test to the next. */
export interface RunOptions {
  readonly environment?: Partial<Environment>
  readonly params?: Readonly<Record<string, ParamValue>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly mode?: RunRequest['mode']
  readonly only?: string
  readonly from?: string
  /** The folder of a run to go on with. */
  readonly resumes?: string
  readonly interrupted?: 'repeat' | 'skip'
  /** The folder of a run to take back. */
  readonly rollsBack?: string
  /** The one step that takes it back. */
  readonly rollsBackBy?: string
  readonly breakGlass?: string
  readonly claims?: string
  readonly askName?: RunPorts['askName']
  readonly alert?: RunRequest['alert']
  readonly leases?: RunPorts['leases']
  readonly by?: string
  readonly afterFailure?: RunPorts['afterFailure']
  readonly askEach?: boolean
  readonly earlier?: RunPorts['earlier']
  readonly beside?: RunPorts['beside']
  readonly cwd?: string
  /** Variables of the shell that it is started in. */
  readonly inherited?: Readonly<Record<string, string>>
  readonly path?: string
  readonly confirm?: RunPorts['confirm']
  readonly firingAlerts?: RunPorts['firingAlerts']
  readonly signal?: AbortSignal
  readonly clock?: Clock
  readonly listen?: (event: RunEvent) => void
  /** Wraps what writes the run, to have it fail. */
  readonly writer?: (writer: RunPorts['writer']) => RunPorts['writer']
  /** The page's path, for messages and for CommonMark or MDX. */
  readonly page?: string
}

/** A run that is over. */
export interface DoneRun {
  readonly events: readonly RunEvent[]
  readonly ending: Awaited<ReturnType<typeof runProcedure>>
  /** The run's folder. */
  readonly folder: string
  /** What was left in the folder for handing over. */
  readonly scratch: string
}

/** Runs pages with the worker in `bundles`, in folders of their own. */
export function createRuns(bundles: string) {
  const root = mkdtempSync(join(tmpdir(), 'handbook-test-'))
  let count = 0
  return {
    root,
    remove: () => rmSync(root, { recursive: true, force: true }),
    async run(text: string, options: RunOptions = {}): Promise<DoneRun> {
      count += 1
      const procedure = parseProcedure(text, options.page ?? 'page.md')
      const wrong = procedure.problems.filter(({ severity }) => severity === 'error')
      if (wrong.length > 0) throw new Error(JSON.stringify(wrong))
      const PATH = options.path ?? `${join(bundles, 'bin')}:${process.env.PATH}`
      const inherited = { PATH, HOME: root, ...options.inherited }
      const executor = startLocalExecutor(join(bundles, 'worker.cjs'), inherited, {
        within: options.environment?.within ?? [],
      })
      const now = () => new Date(Date.UTC(2026, 10, 22))
      const by = { user: options.by ?? 'tester', host: hostname(), pid: process.pid }
      const folder = options.resumes ?? join(root, 'runs', `run-${count}`)
      const store = createFileStore(dirname(folder), { now })
      const history = options.resumes === undefined ? undefined : recall(await readRecording(options.resumes))
      const takenBack = options.rollsBack === undefined ? undefined : recall(await readRecording(options.rollsBack))
      const real = history ? await store.reopen(basename(folder)) : await store.begin(basename(folder), by)
      const writer = options.writer?.(real) ?? real
      const scratch = mkdtempSync(join(root, 'scratch-'))
      const events: RunEvent[] = []
      try {
        const ending = await runProcedure(
          {
            procedure,
            environment: { ...bareEnvironment('test'), auto: 'danger', ...options.environment },
            params: {
              ...Object.fromEntries(
                procedure.params.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
              ),
              ...options.params,
            },
            secrets: options.secrets ?? {},
            mode: options.mode ?? 'auto',
            ...(options.only === undefined ? {} : { only: options.only }),
            ...(options.from === undefined ? {} : { from: options.from }),
            ...(options.breakGlass === undefined ? {} : { breakGlass: options.breakGlass }),
            ...(options.claims === undefined ? {} : { claims: options.claims }),
            ...(options.alert === undefined ? {} : { alert: options.alert }),
            ...(history ? { resumes: { history, interrupted: options.interrupted ?? 'repeat' } } : {}),
            ...(takenBack
              ? {
                  rollsBack: {
                    run: takenBack.started.run,
                    from: 1,
                    history: takenBack,
                    ...(options.rollsBackBy === undefined ? {} : { step: options.rollsBackBy }),
                  },
                }
              : {}),
            cwd: options.cwd ?? root,
            inherited,
            by,
            warnings: [],
          },
          {
            executor,
            writer,
            listen(event) {
              events.push(event)
              options.listen?.(event)
            },
            confirm: options.confirm ?? (async () => 'run'),
            firingAlerts: options.firingAlerts ?? (async () => ({ asked: 'nobody' })),
            ...(options.afterFailure ? { afterFailure: options.afterFailure } : {}),
            ...(options.leases === undefined ? {} : { leases: options.leases }),
            askEach: options.askEach ?? false,
            ...(options.askName ? { askName: options.askName } : {}),
            ...(options.earlier ? { earlier: options.earlier } : {}),
            ...(options.beside ? { beside: options.beside } : {}),
            signal: options.signal ?? new AbortController().signal,
            scratch,
            ...(options.clock ? { clock: options.clock } : {}),
          },
        )
        return { events, ending, folder, scratch }
      } finally {
        await writer.close()
        await executor.close()
      }
    },
    leftovers: () => readdirSync(root),
  }
}

/** What is recorded in a run's folder. */
export async function readRecording(folder: string): Promise<Recording> {
  const recording = await createFileStore(dirname(folder)).read(basename(folder))
  if (!recording) throw new Error(`There is no run in ${folder}`)
  return recording
}

function recall({ events }: Recording): RunHistory {
  const history = readHistory(events)
  if (!history) throw new Error('There is no run in this ledger')
  return history
}

/** A clock that moves only when a run waits. */
export function createFakeClock(): Clock & { readonly waits: number[] } {
  let now = 0
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    async sleep(milliseconds) {
      waits.push(milliseconds)
      now += milliseconds
    },
  }
}

/** A run's events as short lines; pieces of one step's output are joined. */
export function tell(events: readonly RunEvent[]): string[] {
  const lines: string[] = []
  let open = ''
  for (const event of events) {
    const text = event.type === 'step.output' ? `${event.step} ${event.stream}:` : ''
    if (text !== '' && text === open && event.type === 'step.output') lines[lines.length - 1] += event.text
    else lines.push(tellOne(event))
    open = text
  }
  return lines.filter(Boolean)
}

function tellOne(event: RunEvent): string {
  switch (event.type) {
    case 'run.started':
      return ''
    case 'run.resumed': {
      const { step, decision } = event.interrupted ?? {}
      return `resumed${step === undefined ? '' : `, ${decision} ${step}`}`
    }
    case 'step.supervised':
      return ''
    case 'run.noted':
      return `note by ${event.by.user}: ${event.text}`
    case 'run.answered':
      return `${event.step} answered by ${event.by.user}: ${event.choice}${event.reason === undefined ? '' : `, ${event.reason}`}`
    case 'run.claimed':
      return `${event.person} claimed to run it, as ${event.by.user}`
    case 'step.planned':
      return `${event.step} planned ${event.items.join(' ')} by ${event.by}`
    case 'step.approved':
      return `${event.step} approved by ${event.by}`
    case 'step.unapproved':
      return `${event.step} unapproved: ${event.reason}`
    case 'run.warned':
      return `warned: ${event.message}`
    case 'phase.started':
      return `# ${event.phase}`
    case 'step.started':
      return event.attempt === 1 ? `${event.step} started` : `${event.step} started again, ${event.attempt}`
    case 'step.output':
      return `${event.step} ${event.stream}: ${event.text}`
    case 'step.output-kept':
      return `${event.step} kept ${event.kept} of ${event.bytes} bytes`
    case 'step.suggested':
      return `${event.step} suggests ${event.suggests}: ${event.why}`
    case 'step.silenced':
      return `${event.step} silenced ${event.alerts.join(' ')}: ${event.why}`
    case 'step.unsilenced':
      return `${event.step} unsilenced`
    case 'step.evidence':
      return `${event.step} evidence ${JSON.stringify(event.evidence)}`
    case 'step.retrying':
      return `${event.step} retrying: ${event.error.message}`
    case 'step.finished': {
      const { status, value, reason, error } = event
      const place = error?.line === undefined ? '' : ` at ${error.line}:${error.column}`
      const why = reason ?? error?.message
      const gave = value === undefined ? '' : ` ${JSON.stringify(value)}`
      return `${event.step} ${status}${place}${why ? `: ${why}` : ''}${gave}`
    }
    case 'run.waiting':
      return `waiting for ${event.for} of ${event.step}`
    case 'run.finished': {
      const standing = event.standing.map(({ step }) => step).join(' ')
      const back = event.rollBack.join(' ')
      const cures = event.cures?.map(({ undoneBy, when }) => `, ${undoneBy} only when ${when}`).join('') ?? ''
      return `= ${event.outcome}${event.refused ? ' refused' : ''}${standing ? `, standing ${standing}` : ''}${back ? `, roll back ${back}` : ''}${cures}`
    }
    default:
      return event satisfies never
  }
}
