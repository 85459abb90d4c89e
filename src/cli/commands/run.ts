import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { type BlockWorker, startWorker } from '../../worker/index.ts'
import { collect } from '../check-arguments.ts'
import { describeActor } from '../describe-actor.ts'
import { guess } from '../guess.ts'
import { BUNDLES, findRunsFolder } from '../paths.ts'
import { hasTypeScript, inheritVariables } from '../start-early.ts'
import { UsageError } from '../usage-error.ts'

/** `handbook run`: runs a procedure in an environment. */
export const run = defineCommand({
  meta: {
    name: 'run',
    description: `Run a procedure. PAGE is its id, its path, or the name of an alert that it answers.

  handbook run storage-filling
  handbook run UploadBridgeStorageFilling --env production
  handbook run storage-filling --param staleAfter=6h --dry-run
  handbook run downstream-down --step reachable
  handbook run ./runbooks/storage-filling.md --auto --json

Exit code: 0 healed, passed or ruled out; 1 failed or inconclusive; 2 wrong usage; 3 refused; 130 cancelled.`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    param: { type: 'string', description: 'A parameter; may be given more than once', valueHint: 'k=v' },
    step: { type: 'string', description: 'Run this one step only', valueHint: 'ID' },
    auto: { type: 'boolean', description: 'Ask nobody, as far as the environment allows it' },
    'dry-run': { type: 'boolean', description: 'Show what would run, and run nothing' },
    json: { type: 'boolean', description: 'One event a line on stdout' },
  },
  async run({ args, rawArgs, data }) {
    const inherited = inheritVariables(process.env)
    const early: BlockWorker | undefined = data
    const worker = args['dry-run'] ? undefined : (early ?? startWorker(join(BUNDLES, 'worker.cjs'), inherited))
    const warm = (text: string) => {
      if (hasTypeScript(text)) worker?.warm()
    }
    try {
      return await start()
    } finally {
      await worker?.close()
    }

    async function start(): Promise<number> {
      const { findProcedure } = await import('../find-procedure.ts')
      const { procedure, handbook, alert } = await findProcedure(args.page, process.cwd(), warm)
      const errors = procedure.problems.filter(({ severity }) => severity === 'error')
      if (errors.length > 0) {
        const { formatProblems } = await import('../format-parse-problems.ts')
        process.stderr.write(formatProblems(errors))
        return 2
      }
      const steps = procedure.phases.flatMap(phase => phase.steps)
      if (steps.length === 0) throw new UsageError(`${procedure.path} has nothing to run`, 'Read it: handbook show')
      if (args.step !== undefined && !steps.some(({ id }) => id === args.step)) {
        const ids = steps.map(({ id }) => id)
        throw new UsageError(`${procedure.path} has no step ${args.step}`, guess(args.step, ids))
      }
      const { resolveEnvironment } = await import('../resolve-environment.ts')
      const environment = await resolveEnvironment(handbook, args.env)
      const { readParams } = await import('../read-params.ts')
      const { fillFromAlert } = await import('../fill-from-alert.ts')
      const filled = await fillFromAlert(procedure.params, alert, environment.alertmanagerUrl)
      const params = readParams(procedure.params, collect(rawArgs, 'param'), filled.values)
      if (!worker) {
        const { showDryRun } = await import('../show-dry-run.ts')
        process.stdout.write(showDryRun(procedure, environment, params, args.step, Boolean(args.json)))
        return 0
      }
      const { readSecrets } = await import('../read-secrets.ts')
      const secrets = await readSecrets(environment, { env: process.env, folder: handbook?.root ?? process.cwd() })
      const { runProcedure } = await import('../../runner/index.ts')
      const { createRunReporter, formatSection } = await import('../../report/index.ts')
      const { makeScratch, openRunLedger } = await import('../open-run-ledger.ts')
      const { findWarnings } = await import('../find-warnings.ts')
      const scratch = makeScratch()
      const { ledger, warnings } = openRunLedger(findRunsFolder(handbook?.root, process.env), scratch)
      const canceller = new AbortController()
      const cancel = () => canceller.abort()
      for (const name of SIGNALS) process.once(name, cancel)
      const write = (text: string) => void process.stdout.write(text)
      try {
        const ending = await runProcedure(
          {
            procedure,
            environment,
            params,
            secrets,
            mode: args.auto ? 'auto' : process.stdin.isTTY && process.stdout.isTTY ? 'interactive' : 'reading',
            ...(args.step === undefined ? {} : { only: args.step }),
            cwd: handbook?.root ?? process.cwd(),
            inherited,
            by: describeActor(),
            warnings: [...warnings, ...filled.warnings, ...findWarnings(procedure, handbook?.file, new Date())],
          },
          {
            worker,
            ledger,
            listen: args.json
              ? event => write(`${JSON.stringify(event)}\n`)
              : createRunReporter(write, process.stdout.columns),
            async confirm(step, why) {
              const { askConfirmation } = await import('../ask-confirmation.ts')
              return askConfirmation(step, why, environment, canceller.signal)
            },
            async firingAlerts() {
              const { askFiringAlerts } = await import('../ask-firing-alerts.ts')
              return askFiringAlerts(environment.alertmanagerUrl)
            },
            signal: canceller.signal,
            scratch,
          },
        )
        const helpless = ending.outcome === 'inconclusive' || ending.outcome === 'failed'
        const escalate = procedure.sections.find(({ title }) => title === 'Escalate')
        if (!args.json && escalate && helpless && ending.refused === undefined && args.step === undefined)
          write(formatSection(escalate.title, escalate.text, process.stdout.columns))
        return ending.refused === undefined ? EXIT_CODES[ending.outcome] : 3
      } finally {
        ledger.close()
        rmSync(scratch, { recursive: true, force: true })
        for (const name of SIGNALS) process.off(name, cancel)
      }
    }
  },
})

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const EXIT_CODES = {
  healed: 0,
  passed: 0,
  'ruled-out': 0,
  failed: 1,
  inconclusive: 1,
  cancelled: 130,
  interrupted: 1,
} as const
