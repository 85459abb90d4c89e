import { type RunHistory, type RunStore, readHistory } from '../../journal/index.ts'
import type { Step } from '../../procedure/index.ts'
import { callKeygen, isOldRequest, NAMESPACE, readUntil, readWhoRuns, verifyApproval } from '../../runner/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { findRun } from '../runs/find-run.ts'
import { openRecorded } from './open-recorded.ts'

/** A dangerous step that somebody's run waits with. */
export interface WaitingStep {
  readonly step: Step
  /** What is to be signed. */
  readonly text: string
  /** The environment that it runs in, and who runs it. */
  readonly environment: string
  readonly by: string
  /** Why a diagnosis points to it. */
  readonly why?: string
  /** What it will touch, and no more. */
  readonly touches?: readonly string[]
  /** How much the page's step usually touches at most, when this is more. */
  readonly usualMost?: number
  /** Milliseconds since the run began to wait for this approval; missing when that was not recorded. */
  readonly waits?: number
  /** Milliseconds until the request ends. */
  readonly endsIn?: number
  /** Why nobody waits for it now, if so. */
  readonly nobodyWaits?: string
  /** Why the run will ask anew, whatever is signed, if so. */
  readonly asksAnew?: string
  /** Signs it with an SSH key, and gives the approver's name. Throws a `RefusedError` when that approves nothing. */
  readonly sign: (key: string) => Promise<string>
}

/**
 * Finds what a run asks to be approved. Throws a `UsageError` when it asks for nothing, and a `RefusedError` when the block on the page
 * is not the one that would run.
 */
export async function findWaitingStep(
  run: string,
  id: string,
  ports: Pick<Ports, 'cwd' | 'env' | 'practice'>,
): Promise<WaitingStep> {
  const { store, recording } = await findRun(run, ports)
  const history = readHistory(recording.events)
  if (!history) throw new UsageError(`The ledger of ${run} has no start event, so it is not known what ran`)
  const text = await store.readApprovalRequest(run, id)
  if (text === undefined) throw new UsageError(`Run ${run} asks for no approval of ${id}`)
  const { procedure, environment } = await openRecorded(history, ports)
  const step = procedure.phases.flatMap(phase => phase.steps).find(step => step.id === id)
  if (!step || !text.includes(`\nblock       ${step.block.hash}\n`))
    throw new RefusedError(
      `The block of #${id} is not the one on this page`,
      'Bring your copy of the handbook to the state of theirs',
    )
  const nobodyWaits = await judgeWaiting(run, history, store)
  const now = Date.now()
  const since = recording.events.findLast(
    event => event.type === 'run.waiting' && event.for === 'approval' && event.step === id,
  )
  const why = history.suggestions.find(suggestion => suggestion.step === id)?.why
  const touches = history.plans.get(id)?.items
  const until = readUntil(text)
  return {
    step,
    text,
    environment: environment.name,
    by: readWhoRuns(text).reverse().join(' on '),
    ...(why === undefined ? {} : { why }),
    ...(touches === undefined ? {} : { touches }),
    ...(step.max !== undefined && (touches?.length ?? 0) > step.max ? { usualMost: step.max } : {}),
    ...(since === undefined ? {} : { waits: Math.max(0, now - Date.parse(since.time)) }),
    ...(until === undefined ? {} : { endsIn: until.getTime() - now }),
    ...(nobodyWaits === undefined ? {} : { nobodyWaits }),
    ...(isOldRequest(text)
      ? { asksAnew: `An older handbook wrote this request, and a resumed run asks anew: handbook runs resume ${run}` }
      : {}),
    async sign(key) {
      const until = readUntil(text)
      if (until !== undefined && until < new Date())
        throw new RefusedError(
          `This request was valid until ${until.toISOString()}`,
          `A run that waits, or is resumed, asks anew: handbook runs resume ${run}`,
        )
      const signed = await callKeygen(['-Y', 'sign', '-f', key, '-n', NAMESPACE], text)
      if (signed.code !== 0)
        throw new RefusedError(`ssh-keygen could not sign: ${signed.stderr.trim().split('\n').at(-1)}`)
      const verdict = await verifyApproval(environment, [history.by.user, ...readWhoRuns(text)], text, signed.stdout)
      if ('problem' in verdict) throw new RefusedError(`This approves nothing: ${verdict.problem}`)
      await store.approve(run, id, signed.stdout)
      return verdict.approver
    },
  }
}

/** Whether the run is over or was interrupted: an approval is still heard when it is resumed. */
async function judgeWaiting(run: string, { by, ending }: RunHistory, store: RunStore): Promise<string | undefined> {
  if (ending?.outcome === 'healed' || ending?.outcome === 'passed' || ending?.outcome === 'ruled-out')
    return `Nobody waits for it: run ${run} is over, ${ending.outcome.replace('-', ' ')}`
  const gone = ending !== undefined || (await store.judgeRunner(run, by)) === 'gone'
  if (!gone) return undefined
  const how =
    ending === undefined ? 'was interrupted' : `has ended, ${ending.refused === undefined ? ending.outcome : 'refused'}`
  return `Nobody waits for it: run ${run} ${how}. Once it is approved, resume it: handbook runs resume ${run}`
}
