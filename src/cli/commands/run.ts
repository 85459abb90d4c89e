import { join } from 'node:path'
import { defineCommand } from 'citty'
import { type BlockWorker, startWorker } from '../../execute/index.ts'
import type { Param, ParamValue } from '../../procedure/index.ts'
import { collect } from '../check-arguments.ts'
import { findStore } from '../find-store.ts'
import { guess } from '../guess.ts'
import { BUNDLES } from '../paths.ts'
import { hasTypeScript, inheritVariables } from '../start-early.ts'
import { UsageError } from '../usage-error.ts'

/** `handbook run`: runs a procedure in an environment. */
export const run = defineCommand({
  meta: {
    name: 'run',
    description: `Run a procedure. PAGE is its id, its path, or the name of an alert that it answers.

  handbook run disk-filling
  handbook run DiskFilling --env production
  handbook run disk-filling --param staleAfter=6h --dry-run
  handbook run queue-stuck --step reachable
  handbook run disk-filling --from purge
  handbook run ./runbooks/disk-filling.md --auto --json

Exit code: 0 healed, passed or ruled out; 1 failed or inconclusive; 2 wrong usage; 3 refused; 130 cancelled.`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    param: { type: 'string', description: 'A parameter; may be given more than once', valueHint: 'k=v' },
    step: { type: 'string', description: 'Run this one step only', valueHint: 'ID' },
    from: { type: 'string', description: 'Begin at this step; those before it are not run', valueHint: 'ID' },
    auto: { type: 'boolean', description: 'Ask nobody, as far as the environment allows it' },
    'ask-each': { type: 'boolean', description: 'Ask before steps that only read, too' },
    'break-glass': {
      type: 'string',
      description: 'Wait for nobody’s approval; recorded, and shown ever after',
      valueHint: 'REASON',
    },
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
      for (const id of [args.step, args.from]) {
        if (id === undefined || steps.some(step => step.id === id)) continue
        throw new UsageError(
          `${procedure.path} has no step ${id}`,
          guess(
            id,
            steps.map(step => step.id),
          ),
        )
      }
      if (args.step !== undefined && args.from !== undefined)
        throw new UsageError('--step runs one step, and --from all from one on', 'Give one of them')
      if (args['break-glass']?.trim() === '') throw new UsageError('--break-glass wants a reason')
      const { resolveEnvironment } = await import('../resolve-environment.ts')
      const environment = await resolveEnvironment(handbook, args.env)
      const { readParams } = await import('../read-params.ts')
      const { fillFromAlert } = await import('../fill-from-alert.ts')
      const filled = await fillFromAlert(procedure.params, alert, environment.alertmanagerUrl)
      const mode = args.auto ? 'auto' : process.stdin.isTTY && process.stdout.isTTY ? 'interactive' : 'reading'
      const given = collect(rawArgs, 'param')
      const params =
        mode === 'interactive' && worker
          ? await askMissing(procedure.params, given, filled.values)
          : readParams(procedure.params, given, filled.values)
      if (!params) return 130
      if (!worker) {
        const { showDryRun } = await import('../show-dry-run.ts')
        process.stdout.write(
          showDryRun(procedure, environment, params, { only: args.step, from: args.from }, Boolean(args.json)),
        )
        return 0
      }
      const { findWarnings } = await import('../find-warnings.ts')
      const { performRun } = await import('../perform-run.ts')
      return await performRun({
        request: {
          procedure,
          environment,
          params,
          mode,
          ...(args.step === undefined ? {} : { only: args.step }),
          ...(args.from === undefined ? {} : { from: args.from }),
          ...(args['break-glass'] === undefined ? {} : { breakGlass: args['break-glass'] }),
          cwd: handbook?.root ?? process.cwd(),
          inherited,
          warnings: [...filled.warnings, ...findWarnings(procedure, handbook?.file, new Date())],
        },
        worker,
        store: findStore(handbook?.root, process.env),
        json: Boolean(args.json),
        askEach: Boolean(args['ask-each']),
      })
    }
  },
})

/** The parameters, with a person asked for those that neither the command line nor an alert gives. */
async function askMissing(
  params: readonly Param[],
  given: readonly string[],
  filled: Readonly<Record<string, ParamValue>>,
): Promise<Record<string, ParamValue> | undefined> {
  const { readGiven } = await import('../read-params.ts')
  const known = { ...filled, ...readGiven(params, given) }
  const defaults = Object.fromEntries(
    params.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  )
  const missing = params.filter(({ name }) => known[name] === undefined)
  if (missing.length === 0) return known
  const { askParams } = await import('../prompts/ask-params.ts')
  const answered = await askParams(missing, defaults)
  return answered && { ...known, ...answered }
}
