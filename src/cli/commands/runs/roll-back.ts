import { defineCommand } from 'citty'
import { type RunHistory, type RunStore, readHistory } from '../../../journal/index.ts'
import type { Procedure } from '../../../procedure/index.ts'
import { findRunner } from '../../../runner/index.ts'
import { collect } from '../../check-arguments.ts'
import { guess } from '../../guess.ts'
import { UsageError } from '../../usage-error.ts'
import { carryOut } from './carry-out.ts'
import { chooseMode, runModeArgs } from './choose-mode.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { findRun } from './find-run.ts'
import { leaseRun } from './lease-run.ts'
import { openRecorded, recallParams } from './open-recorded.ts'
import { refuse } from './refuse.ts'

/** `handbook runs roll-back`: takes back what a run did and left standing. */
export const rollBack = defineCommand({
  meta: {
    name: 'roll-back',
    description: `Roll back the unreverted changes of a run, last one first

  handbook runs roll-back 20261122-031502-k7f2
  handbook runs roll-back 20261122-031502-k7f2 --auto
  handbook runs roll-back 20261122-031502-k7f2 --step roll-forward

It is a run of its own, recorded beside the first one. A change that the page undoes on a condition only (when=) stays, unless
the step that undoes it is named.

Exit code: 0 nothing stands any more, 1 something failed, 3 refused, 130 cancelled.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    step: { type: 'string', description: 'Undo only what this step of the page undoes', valueHint: 'STEP' },
    ...runModeArgs,
  },
  async run({ args, rawArgs }) {
    const { store, recording } = await findRun(args.run)
    const recorded = readHistory(recording.events)
    if (recording.badLine !== undefined && !recording.torn)
      throw new UsageError(`The ledger of ${args.run} was changed`)
    if (!recorded) throw new UsageError(`The ledger of ${args.run} has no start event, so it is not known what ran`)
    const leased = await leaseRun(store, args.run)
    if ('message' in leased) return refuse(leased)
    try {
      const runner = findRunner(args.run, recorded, leased.gone)
      if (runner) return refuse(runner)
      const left = await clearLeftovers(store, recorded)
      if (left) return refuse(left)
      const there = await openRecorded(recorded)
      const { procedure } = there
      if (args.step !== undefined) demandUndoer(procedure, args.step)
      const history = await addTakenBack(recorded, args.run, store)
      const mode = chooseMode(args.auto)
      const params = await recallParams(procedure.params, history, collect(rawArgs, 'param'), mode === 'interactive')
      if (!params) return 130
      return await carryOut(there, {
        args: { json: args.json, 'break-glass': args['break-glass'] },
        request: {
          params,
          mode,
          rollsBack: { run: args.run, history, ...(args.step === undefined ? {} : { step: args.step }) },
          warnings: listChangedWaysBack(procedure, history),
        },
        store,
        askEach: false,
      })
    } finally {
      await leased.lease.release()
    }
  },
})

/** Throws a `UsageError` when a step of this name undoes nothing on the page. */
function demandUndoer({ path, phases }: Procedure, name: string): void {
  const undoers = phases.flatMap(({ steps }) => steps.flatMap(({ id, undoes }) => (undoes === undefined ? [] : id)))
  if (undoers.includes(name)) return
  throw new UsageError(`No step #${name} of ${path} undoes another`, guess(name, undoers))
}

/** What the run is known to have done and taken back, with what others took back of it since. */
async function addTakenBack(history: RunHistory, run: string, store: RunStore): Promise<RunHistory> {
  const results = new Map(history.results)
  for (const { rollsBack, steps } of (await store.list()).runs) {
    if (rollsBack !== run) continue
    for (const { id, status } of steps) if (status === 'passed') results.set(id, { status })
  }
  return { ...history, results }
}

/** Warns of ways back that are not what they were when the measure was taken. */
function listChangedWaysBack(procedure: Procedure, { blocks }: RunHistory): string[] {
  return procedure.phases
    .flatMap(phase => phase.steps)
    .filter(({ id, undoes, block }) => undoes !== undefined && blocks.has(id) && blocks.get(id) !== block.hash)
    .map(({ id }) => `the block of #${id} has changed since the run`)
}
