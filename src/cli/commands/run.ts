import { join } from 'node:path'
import { defineCommand } from 'citty'
import { type Executor, startLocalExecutor } from '../../execute/index.ts'
import { inheritVariables, UsageError } from '../../operate/index.ts'
import { collect } from '../check-arguments.ts'
import { BUNDLES } from '../paths.ts'
import { guessLanguage } from '../start-early.ts'

/** `handbook run`: runs a procedure in an environment. */
export const run = defineCommand({
  meta: {
    name: 'run',
    description: `Run a procedure. PAGE is its id, its path, or the name of an alert that it answers.

  handbook run disk-filling
  handbook run DiskFilling --env production
  handbook run disk-filling --param staleAfter=6h --dry-run
  handbook run queue-stuck --step reachable
  handbook run disk-filling --from purge --value usage.percent=97
  handbook run ./runbooks/disk-filling.md --auto --json

Exit code: 0 healed, passed or ruled out; 1 failed or inconclusive; 2 wrong usage; 3 refused; 4 as 0, but the
record of the run has gaps; 130 cancelled.`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    alert: {
      type: 'string',
      description: 'The alert that is the reason for this run; recorded, and asked about again at the end',
      valueHint: 'NAME',
    },
    param: { type: 'string', description: 'A parameter; may be given more than once', valueHint: 'k=v' },
    step: { type: 'string', description: 'Run this one step only', valueHint: 'ID' },
    from: { type: 'string', description: 'Start at this step; earlier steps do not run', valueHint: 'ID' },
    value: {
      type: 'string',
      description: 'A value of an earlier step, for --from; may be given more than once',
      valueHint: 'STEP.KEY=V',
    },
    auto: { type: 'boolean', description: 'Run without questions, as far as the environment allows' },
    'ask-each': { type: 'boolean', description: 'Ask before steps that only read, too' },
    as: {
      type: 'string',
      description: 'Who you are, on an account that several people use; recorded as a claim',
      valueHint: 'NAME',
    },
    'break-glass': {
      type: 'string',
      description: 'Do not wait for an approval; this is recorded, and always shown',
      valueHint: 'REASON',
    },
    unrecorded: {
      type: 'string',
      description: 'Change something even when nothing of the run can be recorded',
      valueHint: 'REASON',
    },
    'dry-run': { type: 'boolean', description: 'Show what would run, and run nothing' },
    json: { type: 'boolean', description: 'One event a line on stdout' },
  },
  async run({ args, rawArgs, data }) {
    const early: Executor | undefined = data
    // Before anything else is loaded: the first step waits longest for this process.
    const worker = args['dry-run']
      ? undefined
      : (early ?? startLocalExecutor(join(BUNDLES, 'worker.cjs'), inheritVariables(process.env, BUNDLES)))
    const options = {
      page: args.page,
      environment: args.env,
      alert: args.alert,
      params: collect(rawArgs, 'param'),
      step: args.step,
      from: args.from,
      values: collect(rawArgs, 'value'),
      auto: args.auto,
      askEach: args['ask-each'],
      as: args.as,
      breakGlass: args['break-glass'],
      unrecorded: args.unrecorded,
      look(text: string) {
        const language = guessLanguage(text)
        if (language !== undefined) worker?.warm(language)
      },
    }
    try {
      if (args.step !== undefined && args.from !== undefined)
        throw new UsageError('--step runs one step, and --from all from one on', 'Give one of them')
      const { runNow, showPlan } = await import('../run-now.ts')
      return await (worker ? runNow(options, worker, args.json === true) : showPlan(options, args.json === true))
    } finally {
      await worker?.close()
    }
  },
})
