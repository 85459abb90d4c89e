import { defineCommand } from 'citty'
import { cancelRun } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'
import { sayHowToResume } from '../../print-run.ts'

/** `handbook runs cancel`: ends a run that has not ended, and waits until nothing of it runs. */
export const cancel = defineCommand({
  meta: {
    name: 'cancel',
    description: `End a run that has not ended, and wait until all its processes have ended

  handbook runs cancel 20261122-031502-k7f2

What it has changed stays: see handbook runs roll-back. It can be resumed.

A run on another machine that shares the folder of runs is asked to end, and waited for.

Exit code: 0 nothing of it runs, 3 it runs on another machine, and has not ended.`,
  },
  args: { run: { type: 'positional', required: true, description: 'The run’s id' } },
  async run({ args }) {
    const { history, over, leftFar } = await cancelRun(args.run, createPorts())
    const { by, ending, started } = history
    const outcome = (ending?.outcome ?? 'interrupted').replace('-', ' ')
    if (over) {
      print(`Run ${args.run} is over: ${outcome}\n`)
      return 0
    }
    const rest = leftFar
      ? `its runner on ${by.host} has ended; look on that machine for processes that it left`
      : 'all its processes have ended'
    print(`Run ${args.run} is ${outcome}; ${rest}\n`)
    if (ending?.standing.length) print(`Unreverted changes: handbook runs roll-back ${started.rollsBack ?? args.run}\n`)
    print(sayHowToResume(started))
    return 0
  },
})
