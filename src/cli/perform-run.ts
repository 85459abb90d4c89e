import { rmSync } from 'node:fs'
import type { BlockWorker } from '../execute/index.ts'
import { createRunReporter, formatSection } from '../report/index.ts'
import { type Ledger, type RunRequest, runProcedure } from '../runner/index.ts'
import { describeActor } from './describe-actor.ts'
import { type OpenRun, openRun } from './open-run.ts'
import { findLocksFolder } from './paths.ts'
import { readSecrets } from './read-secrets.ts'

/** A run that is ready, and how it is told. */
export interface ReadyRun {
  readonly request: Omit<RunRequest, 'by' | 'secrets'>
  readonly worker: BlockWorker
  /** The folder of all runs. */
  readonly runs: string
  /** Opens the ledger of a run that is gone on with; without it, the run is a new one. */
  readonly reopen?: () => Ledger
  readonly json: boolean
  readonly askEach: boolean
  /** Hears what is told before anything happens. */
  readonly before?: (report: ReturnType<typeof createRunReporter>, write: (text: string) => void) => void
}

/** Runs with secrets, a ledger and a folder for handing over, and puts them away. Gives the exit code. */
export async function performRun(ready: ReadyRun): Promise<number> {
  const { environment, cwd } = ready.request
  const secrets = await readSecrets(environment, { env: process.env, folder: cwd })
  const open = openRun(ready.runs, ready.reopen)
  try {
    return await perform(ready, secrets, open)
  } finally {
    open.ledger.close()
    rmSync(open.scratch, { recursive: true, force: true })
  }
}

/** How a run goes: in the terminal or as JSON lines, cancelled by signals. */
async function perform(
  ready: ReadyRun,
  secrets: RunRequest['secrets'],
  { ledger, scratch, warnings }: OpenRun,
): Promise<number> {
  const { request, worker, runs, json, askEach } = ready
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
        ledger,
        listen: json ? event => write(`${JSON.stringify(event)}\n`) : report,
        async confirm(question) {
          const { askBeforeStep } = await import('./prompts/ask-before-step.ts')
          return askBeforeStep(question, environment, signal)
        },
        async afterFailure(step, _, place) {
          const { askAfterFailure } = await import('./prompts/ask-after-failure.ts')
          return askAfterFailure(step, place, signal)
        },
        async firingAlerts() {
          const { askFiring } = await import('../alerts/index.ts')
          return askFiring(environment.alertmanagerUrl)
        },
        askEach,
        locks: findLocksFolder(runs),
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
