import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from 'citty'
import { signalProcess } from '../../../base/index.ts'
import { type Actor, judgeActor, type RunHistory, type RunStore, readHistory } from '../../../journal/index.ts'
import { describeActor } from '../../describe-actor.ts'
import { sayWhenSlow, WATCHING } from '../../say-when-slow.ts'
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
    description: `End a run that is under way, and wait until all its processes have ended

  handbook runs cancel 20261122-031502-k7f2

What it has changed stays: see handbook runs roll-back. It can be resumed.

A run on another machine that shares the folder of runs is asked to end, and waited for.

Exit code: 0 nothing of it runs, 3 it runs on another machine, and has not ended.`,
  },
  args: { run: { type: 'positional', required: true, description: 'The run’s id' } },
  async run({ args }) {
    const { store, recording } = await findRun(args.run)
    const history = readHistory(recording.events)
    if (!history) throw new UsageError(`The ledger of ${args.run} has no start event, so it is not known who runs it`)
    const { by, ending } = history
    if (ending) {
      process.stdout.write(`Run ${args.run} is over: ${ending.outcome.replace('-', ' ')}\n`)
      return 0
    }
    const state = await sayWhenSlow(WATCHING, store.judgeRunner(args.run, by))
    // What signals cannot reach hears of it from the store.
    if (state !== 'gone') await store.requestCancel(args.run, describeActor())
    if (state === 'alive' && judgeActor(by) === 'alive') await end(by)
    else if (state !== 'gone') await sayWhenSlow(`Asked ${by.host} to end it …`, awaitEnd(store, history))
    const now = readHistory((await store.read(args.run))?.events ?? []) ?? history
    const far = by.host !== hostname()
    if (far && !now.ending && (await store.judgeRunner(args.run, by)) !== 'gone')
      return refuse({
        message: `Run ${args.run} runs on ${by.host}, and has not ended yet: ${by.user}, process ${by.pid}`,
        hint: `It was asked to end: look again with handbook runs show ${args.run}. If it does not end, cancel it on ${by.host}`,
      })
    const left = await clearLeftovers(store, now)
    if (left) return refuse(left)
    const outcome = now.ending?.outcome ?? 'interrupted'
    const rest =
      far && !now.ending
        ? `its runner on ${by.host} has ended; look on that machine for processes that it left`
        : 'all its processes have ended'
    process.stdout.write(`Run ${args.run} is ${outcome}; ${rest}\n`)
    if (now.ending?.standing.length) process.stdout.write(`Unreverted changes: handbook runs roll-back ${args.run}\n`)
    process.stdout.write(`Resume it: handbook runs resume ${args.run}\n`)
    return 0
  },
})

/** Waits for the end of a run on another machine, as long as it may take to hear of the request and to end a step. */
async function awaitEnd(store: RunStore, { started }: RunHistory): Promise<void> {
  const signal = AbortSignal.timeout(GRACE * 2)
  const events = store.watch(started.run, signal)[Symbol.asyncIterator]()
  while (!(await events.next()).done);
}

async function end(by: Actor): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (by.start === undefined) process.kill(by.pid, name)
    else signalProcess({ pid: by.pid, start: by.start }, name)
    const deadline = performance.now() + GRACE
    while (judgeActor(by) === 'alive' && performance.now() < deadline) await sleep(20)
    if (judgeActor(by) !== 'alive') return
  }
}
