import { rmSync } from 'node:fs'
import type { BlockWorker } from '../execute/index.ts'
import type { RunStore } from '../journal/index.ts'
import { createRunReporter, formatSection } from '../report/index.ts'
import { type RunRequest, runProcedure } from '../runner/index.ts'
import { describeActor } from './describe-actor.ts'
import { type OpenRun, openRun } from './open-run.ts'
import { readSecrets } from './read-secrets.ts'

/** A run that is ready, and how it is told. */
export interface ReadyRun {
  readonly request: Omit<RunRequest, 'by' | 'secrets'>
  readonly worker: BlockWorker
  readonly store: RunStore
  /** The run that is resumed; without it, the run is a new one. */
  readonly resumed?: string
  readonly json: boolean
  readonly askEach: boolean
  /** Hears what is told before anything happens. */
  readonly before?: (report: ReturnType<typeof createRunReporter>, write: (text: string) => void) => void
}

/** Runs with secrets, a ledger and a folder for handing over, and puts them away. Gives the exit code. */
export async function performRun(ready: ReadyRun): Promise<number> {
  const { environment, cwd } = ready.request
  const secrets = await readSecrets(environment, { env: process.env, folder: cwd })
  const open = await openRun(ready.store, ready.resumed)
  try {
    return await perform(ready, secrets, open)
  } finally {
    await open.writer.close()
    rmSync(open.scratch, { recursive: true, force: true })
  }
}

/** How a run goes: in the terminal or as JSON lines, cancelled by signals. */
async function perform(
  ready: ReadyRun,
  secrets: RunRequest['secrets'],
  { writer, scratch, warnings }: OpenRun,
): Promise<number> {
  const { request, worker, store, json, askEach } = ready
  const { environment, procedure } = request
  const canceller = new AbortController()
  const { signal } = canceller
  const cancel = () => canceller.abort()
  for (const name of SIGNALS) process.once(name, cancel)
  const write = (text: string) => void process.stdout.write(text)
  const report = createRunReporter(write, process.stdout.columns)
  if (!json) ready.before?.(report, write)
  try {
    const ending = await runProcedure(
      { ...request, secrets, by: describeActor(), warnings: [...warnings, ...request.warnings] },
      {
        worker,
        writer,
        listen: json ? event => write(`${JSON.stringify(event)}\n`) : report,
        async confirm(question, signal) {
          const { askBeforeStep } = await import('./prompts/ask-before-step.ts')
          return askBeforeStep(question, environment, signal)
        },
        async afterFailure(step, _, place, signal) {
          const { askAfterFailure } = await import('./prompts/ask-after-failure.ts')
          return askAfterFailure(step, place, signal)
        },
        async firingAlerts() {
          const { askFiring } = await import('../alerts/index.ts')
          return askFiring(environment.alertmanagerUrl)
        },
        askEach,
        leases: store,
        signal,
        scratch,
      },
    )
    const helpless = ending.outcome === 'inconclusive' || ending.outcome === 'failed'
    const escalate = procedure.sections.find(({ title }) => title === 'Escalate')
    if (!json && escalate && helpless && ending.refused === undefined && request.only === undefined)
      write(formatSection(escalate.title, escalate.text, process.stdout.columns))
    return ending.refused === undefined ? EXIT_CODES[ending.outcome] : 3
  } finally {
    for (const name of SIGNALS) process.off(name, cancel)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const EXIT_CODES = {
  healed: 0,
  passed: 0,
  'ruled-out': 0,
  failed: 1,
  inconclusive: 1,
  cancelled: 130,
  interrupted: 130,
} as const
