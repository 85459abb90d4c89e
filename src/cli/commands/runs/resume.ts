import { hostname } from 'node:os'
import { defineCommand } from 'citty'
import { foldRun, type Recording, type RunHistory, readHistory } from '../../../journal/index.ts'
import type { Step } from '../../../procedure/index.ts'
import { formatRecap } from '../../../report/index.ts'
import { findObstacle, wantsDecision } from '../../../runner/index.ts'
import { collect } from '../../check-arguments.ts'
import { UsageError } from '../../usage-error.ts'
import { carryOut } from './carry-out.ts'
import { chooseMode, runModeArgs } from './choose-mode.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { findRun } from './find-run.ts'
import { leaseRun } from './lease-run.ts'
import { openRecorded, recallParams, type Surroundings } from './open-recorded.ts'
import { refuse } from './refuse.ts'

/** `handbook runs resume`: goes on with a run after the last step that ended. */
export const resume = defineCommand({
  meta: {
    name: 'resume',
    description: `Go on with a run that was interrupted, cancelled or refused, after the last step that ended

  handbook runs resume 20261122-031502-k7f2
  handbook runs resume 20261122-031502-k7f2 --auto --interrupted skip

A step that had begun and was not seen to end may be only partially done. One that only reads is
repeated; about any other a person is asked, and with --auto --interrupted must say what to do.

Exit code: as of handbook run; 3 also when its runner still lives, or its page has changed.`,
  },
  args: {
    run: { type: 'positional', required: true, description: 'The run’s id' },
    ...runModeArgs,
    interrupted: {
      type: 'string',
      description: 'repeat or skip a step that may be only partially done',
      valueHint: 'WHAT',
    },
    'ask-each': { type: 'boolean', description: 'Ask before steps that only read, too' },
  },
  async run({ args, rawArgs }) {
    const said = args.interrupted
    if (said !== undefined && said !== 'repeat' && said !== 'skip')
      throw new UsageError(`--interrupted ${said}: expected repeat or skip`)
    const { store } = await findRun(args.run)
    const leased = await leaseRun(store, args.run)
    if ('message' in leased) return refuse(leased)
    try {
      const { recording: content } = await findRun(args.run)
      const history = readTrusted(args.run, content)
      const there = await openRecorded(history)
      const { procedure } = there
      const obstacle = findObstacle(args.run, history, procedure, leased.gone)
      if (obstacle) return refuse(obstacle)
      const left = await clearLeftovers(store, history)
      if (left) return refuse(left)
      const mode = chooseMode(args.auto)
      const params = await recallParams(procedure.params, history, collect(rawArgs, 'param'), mode === 'interactive')
      if (!params) return 130
      const interrupted = await decide(there, history, said, mode)
      if (interrupted === 'stop') return 130
      if (interrupted === undefined) {
        return refuse({
          message: `“${findHalf(there, history)?.title}” was interrupted: it may be only partially done`,
          hint: 'Look how far it came, then give --interrupted repeat or --interrupted skip',
        })
      }
      const { only, from } = history.started
      return await carryOut(there, {
        args: { json: args.json, 'break-glass': args['break-glass'] },
        request: {
          params,
          mode,
          ...(only === undefined ? {} : { only }),
          ...(from === undefined ? {} : { from }),
          resumes: { history, interrupted },
          warnings: [
            ...(content.torn
              ? ['half a line at the end of the ledger, written as its writer was ended, was cut off']
              : []),
            ...warnOfDistance(history),
          ],
        },
        store,
        resumed: args.run,
        askEach: Boolean(args['ask-each']),
        before(report, write) {
          report(history.started)
          write(formatRecap(foldRun(content.events)))
        },
      })
    } finally {
      await leased.lease.release()
    }
  },
})

function readTrusted(run: string, content: Recording): RunHistory {
  if (content.badLine !== undefined && !content.torn)
    throw new UsageError(
      `Line ${content.badLine} of the ledger of ${run} was changed: the run cannot be resumed`,
      `See handbook runs show ${run}`,
    )
  const history = readHistory(content.events)
  if (!history) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
  if (history.started.rollsBack !== undefined)
    throw new UsageError(
      `${run} rolls back run ${history.started.rollsBack}`,
      `Do that again: handbook runs roll-back ${history.started.rollsBack}`,
    )
  return history
}

/** From here nobody can see what a runner left running on another machine. */
function warnOfDistance({ by, half, ending }: RunHistory): string[] {
  return half && !ending && by.host !== hostname()
    ? [`what #${half.step} started on ${by.host} cannot be seen from here: ${hostname()} is another machine`]
    : []
}

/** The step that changes something and may be only partially done. */
function findHalf({ procedure }: Surroundings, { open }: RunHistory): Step | undefined {
  return procedure.phases.flatMap(phase => phase.steps).find(({ id, risk }) => open.includes(id) && risk !== 'read')
}

async function decide(
  there: Surroundings,
  history: RunHistory,
  said: 'repeat' | 'skip' | undefined,
  mode: ReturnType<typeof chooseMode>,
): Promise<'repeat' | 'skip' | 'stop' | undefined> {
  if (!wantsDecision(history, there.procedure)) return 'repeat'
  if (said !== undefined || mode !== 'interactive') return said
  const step = findHalf(there, history)
  const { askInterrupted } = await import('../../prompts/ask-interrupted.ts')
  return step ? askInterrupted(step) : undefined
}
