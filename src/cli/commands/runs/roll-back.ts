import { defineCommand } from 'citty'
import { rollBackRun } from '../../../operate/index.ts'
import { collect } from '../../check-arguments.ts'
import { printRun, runModeArgs } from '../../print-run.ts'

/** `handbook runs roll-back`: rolls back the unreverted changes of a run. */
export const rollBack = defineCommand({
  meta: {
    name: 'roll-back',
    description: `Roll back the unreverted changes of a run, last one first

  handbook runs roll-back 20261122-031502-k7f2
  handbook runs roll-back 20261122-031502-k7f2 --auto
  handbook runs roll-back 20261122-031502-k7f2 --step roll-forward

It is a run of its own, recorded beside the first one. A change that the page undoes on a condition only (when=) stays, unless
you name the step that undoes it.

Exit code: 0 everything is rolled back; 1 something failed; 3 refused; 130 cancelled.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'string', description: 'Undo only what this step of the page undoes', valueHint: 'STEP' },
    ...runModeArgs,
  },
  async run({ args, rawArgs }) {
    const options = {
      run: args.run,
      params: collect(rawArgs, 'param'),
      auto: args.auto,
      as: args.as,
      breakGlass: args['break-glass'],
      step: args.step,
      acceptTarget: args['accept-target'],
    }
    let nothingLeft = false
    const code = await printRun(args.json === true, async (ports, listener) => {
      const done = await rollBackRun(options, ports, listener)
      nothingLeft = done !== undefined && 'nothingLeft' in done
      return done === undefined || 'nothingLeft' in done ? undefined : done
    })
    if (!nothingLeft) return code
    const stream = args.json ? process.stderr : process.stdout
    stream.write(`Run ${args.run}: nothing is left to roll back, and nothing was run\n`)
    return 0
  },
})
