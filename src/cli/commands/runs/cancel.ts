import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from 'citty'
import { signalProcess } from '../../../base/index.ts'
import type { Actor } from '../../../journal/index.ts'
import { judgeActor, readHistory, readLedger } from '../../../runner/index.ts'
import { UsageError } from '../../usage-error.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { findRun } from './find-run.ts'
import { refuse } from './refuse.ts'

/** Milliseconds that a runner gets to end its step and itself; one that does not is killed. */
const GRACE = 5000

/** `handbook runs cancel`: ends a run that is under way, and waits until nothing of it runs. */
export const cancel = defineCommand({
  meta: {
    name: 'cancel',
    description: `End a run that is under way, and wait until nothing of it runs any more

  handbook runs cancel 20261122-031502-k7f2

What it has changed stays: see handbook runs roll-back. It can be resumed.

Exit code: 0 nothing of it runs, 3 it runs on another machine.`,
  },
  args: { run: { type: 'positional', required: true, description: 'The run’s id' } },
  async run({ args }) {
    const { folder, content } = await findRun(args.run)
    const history = readHistory(content.events)
    if (!history) throw new UsageError(`The ledger of ${args.run} does not say who runs it`)
    const { by, ending } = history
    const state = ending ? 'over' : judgeActor(by)
    if (state === 'over') {
      process.stdout.write(`Run ${args.run} is over: ${ending?.outcome.replace('-', ' ')}\n`)
      return 0
    }
    if (state === 'elsewhere')
      return refuse({
        message: `Run ${args.run} runs on ${by.host}: ${by.user}, process ${by.pid}`,
        hint: `Cancel it there`,
      })
    if (state === 'alive') await end(by)
    const now = readHistory((await readLedger(folder)).events) ?? history
    const left = await clearLeftovers(folder, now)
    if (left) return refuse(left)
    const outcome = now.ending?.outcome ?? 'interrupted'
    process.stdout.write(`Run ${args.run} is ${outcome}; nothing of it runs any more\n`)
    if (now.ending?.standing.length) process.stdout.write(`Measures still stand: handbook runs roll-back ${args.run}\n`)
    process.stdout.write(`Go on with it: handbook runs resume ${args.run}\n`)
    return 0
  },
})

async function end(by: Actor): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (by.start === undefined) process.kill(by.pid, name)
    else signalProcess({ pid: by.pid, start: by.start }, name)
    const deadline = performance.now() + GRACE
    while (judgeActor(by) === 'alive' && performance.now() < deadline) await sleep(20)
    if (judgeActor(by) !== 'alive') return
  }
}
