import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { startWorker } from '../../worker/index.ts'
import { collect } from '../check-arguments.ts'
import { BUNDLES, findRunsFolder } from '../paths.ts'
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
  async run({ args, rawArgs }) {
    // The worker starts while the page is being read: it is there when the first step wants it.
    const { allowVariables } = await import('../allow-variables.ts')
    const inherited = allowVariables(process.env)
    inherited.PATH = `${join(BUNDLES, 'bin')}:${inherited.PATH ?? '/usr/bin:/bin'}`
    const worker = args['dry-run'] ? undefined : startWorker(join(BUNDLES, 'worker.cjs'), inherited)
    try {
      return await start()
    } finally {
      await worker?.close()
    }

    async function start(): Promise<number> {
      const { findProcedure } = await import('../find-procedure.ts')
      const { procedure, handbook } = await findProcedure(args.page, process.cwd())
      const errors = procedure.problems.filter(({ severity }) => severity === 'error')
      if (errors.length > 0) {
        const { formatProblems } = await import('../format-parse-problems.ts')
        process.stderr.write(formatProblems(errors))
        return 2
      }
      const steps = procedure.phases.flatMap(phase => phase.steps)
      if (args.step !== undefined && !steps.some(({ id }) => id === args.step)) {
        throw new UsageError(
          `${procedure.path} has no step ${args.step}`,
          `Steps: ${steps.map(({ id }) => id).join(', ')}`,
        )
      }
      if (steps.length === 0) throw new UsageError(`${procedure.path} has nothing to run`, 'Read it: handbook show')
      const { readParams } = await import('../read-params.ts')
      const params = readParams(procedure.params, collect(rawArgs, 'param'))
      const { readSecrets, resolveEnvironment } = await import('../resolve-environment.ts')
      const environment = await resolveEnvironment(handbook, args.env)
      if (!worker) {
        const { showDryRun } = await import('../show-dry-run.ts')
        process.stdout.write(showDryRun(procedure, environment, params, args.step, Boolean(args.json)))
        return 0
      }
      const secrets = await readSecrets(environment, process.env)
      const { makeRunId, openLedger, runProcedure } = await import('../../runner/index.ts')
      const { createRunReporter } = await import('../../report/index.ts')
      const { askConfirmation } = await import('../ask-confirmation.ts')
      const { askFiringAlerts } = await import('../ask-firing-alerts.ts')
      const scratch = mkdtempSync(join(tmpdir(), 'handbook-run-'))
      const ledger = openLedger(findRunsFolder(handbook?.root, process.env), makeRunId(new Date()), () => new Date())
      const canceller = new AbortController()
      const cancel = () => canceller.abort()
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, cancel)
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
            by: { user: userInfo().username, host: hostname(), pid: process.pid },
            warnings: [],
          },
          {
            worker,
            ledger,
            listen: args.json
              ? event => write(`${JSON.stringify(event)}\n`)
              : createRunReporter(write, process.stdout.columns),
            confirm: (step, why) => askConfirmation(step, why, environment, canceller.signal),
            firingAlerts: () => askFiringAlerts(environment.alertmanagerUrl),
            signal: canceller.signal,
            scratch,
          },
        )
        const helpless = ending.outcome === 'inconclusive' || ending.outcome === 'failed'
        const escalate = procedure.sections.find(({ title }) => title === 'Escalate')
        if (!args.json && escalate && helpless && ending.refused === undefined && args.step === undefined) {
          const { formatSection } = await import('../../report/index.ts')
          write(formatSection(escalate.title, escalate.text, process.stdout.columns))
        }
        if (ending.refused !== undefined) return 3
        return EXIT_CODES[ending.outcome]
      } finally {
        ledger.close()
        rmSync(scratch, { recursive: true, force: true })
        for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, cancel)
      }
    }
  },
})

const EXIT_CODES = {
  healed: 0,
  passed: 0,
  'ruled-out': 0,
  failed: 1,
  inconclusive: 1,
  cancelled: 130,
  interrupted: 1,
} as const
