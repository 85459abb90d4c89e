import { formatDuration } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import { nameWayOn } from '../ask-person.ts'
import type { Permission } from '../permit.ts'
import type { Plan } from '../plan.ts'
import type { Run } from '../run.ts'
import { compareRequest, describeRequest, isOldRequest, readUntil, writeRequest } from './describe-request.ts'
import { listOthers, verifyApproval } from './verify-approval.ts'
import { findWhoRuns } from './who-runs.ts'

/** Milliseconds between two looks for a signature, and until nobody is waited for any longer. */
const LOOK_EVERY = 1000
export const PATIENCE = 15 * 60_000

/**
 * In a protected environment, waits for somebody else's approval of a dangerous step, or records that it begins without one. Nothing,
 * when it may run.
 */
export async function awaitApproval(run: Run, step: Step, plan: Plan | undefined): Promise<Permission | undefined> {
  const { request, ports, emit } = run
  const { environment, breakGlass, by } = request
  if (!environment.protected) return undefined
  const runner = await findWhoRuns(run)
  if ('answer' in runner) return runner
  if (await takeBeforehand(run, step, plan, runner)) return undefined
  if (breakGlass !== undefined) {
    await emit({ type: 'step.unapproved', step: step.id, reason: breakGlass, by })
    return undefined
  }
  const { approvers } = environment
  const who = listOthers(approvers, runner)
  if (who.length === 0) return { answer: 'refused', why: describeNobody(run, Object.keys(approvers)) }
  const { writer } = ports
  const id = writer.run
  const how = `handbook runs approve ${id} ${step.id} --key ${environment.secondPersonKey ?? 'FILE'}`
  const ask = async (): Promise<string> => {
    const text = writeRequest(describeRequest(run, step, plan), environment.approvalValidFor, run.today())
    await writer.requestApproval(step.id, text)
    return text
  }
  const over = new AbortController()
  const tellWaiting = (text: string) => {
    void tellOthers(run, step, plan, { text, who, how }, over.signal)
    void emit({
      type: 'run.waiting',
      for: 'approval',
      step: step.id,
      message: `${who.join(' or ')} must approve: ${how}`,
    })
  }
  let waiting = false
  let judged: string | undefined
  try {
    let text = (await findEarlier(run, step, plan, runner)) ?? (await ask())
    for (let waited = 0; ; waited += LOOK_EVERY) {
      const signature = await writer.readSignature(step.id)
      if (signature !== undefined && signature !== judged) {
        judged = signature
        const verdict = await verifyApproval(environment, runner, text, signature)
        const changes = 'approver' in verdict ? findChanges(run, step, plan, text) : []
        if ('approver' in verdict && changes.length === 0) {
          // A plan that was made before the approval was asked for is as good as that is.
          if (plan) run.plans.set(step.id, { ...plan, until: readUntil(text) ?? plan.until })
          run.approvals.set(step.id, { text, signature })
          await emit({ type: 'step.approved', step: step.id, by: verdict.approver, text, signature })
          return undefined
        }
        if ('problem' in verdict) void emit({ type: 'run.warned', message: `not an approval: ${verdict.problem}` })
        else {
          warnOfChanges(run, step, changes)
          text = await ask()
          waiting = false
        }
      }
      if (ports.signal.aborted) return { answer: 'stop' }
      if (waited >= PATIENCE) {
        const why = `nobody approved “${step.title}” within ${formatDuration(PATIENCE)}`
        return { answer: 'refused', why: `${why}. After the approval (${how}), resume: handbook runs resume ${id}` }
      }
      if (hasEnded(run, text)) {
        text = await ask()
        waiting = false
      }
      if (!waiting) tellWaiting(text)
      waiting = true
      await ports.clock.sleep(LOOK_EVERY, ports.signal)
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { answer: 'refused', why: `the approval of “${step.title}” cannot be asked for: ${why}` }
  } finally {
    over.abort()
  }
}

/** Why it is no use to wait for an approval, and what to do. */
function describeNobody(run: Run, approvers: readonly string[]): string {
  const environment = run.request.environment.name
  const why =
    approvers.length === 0
      ? `${environment} is protected, and handbook.yaml names no approvers for it`
      : `in ${environment} only whoever runs this may approve (${approvers.join(', ')})`
  const how = run.ports.away ? `in a terminal ${nameWayOn(run)} --break-glass REASON` : 'give --break-glass REASON'
  return `${why}: add somebody to its approvers in handbook.yaml, or ${how}`
}

/** Says elsewhere that an approval is awaited. That nobody could be told keeps nobody from approving. */
async function tellOthers(
  { request, ports, suggestions, redaction, emit }: Run,
  step: Step,
  plan: Plan | undefined,
  { text, who, how }: { readonly text: string; readonly who: readonly string[]; readonly how: string },
  over: AbortSignal,
): Promise<void> {
  const { procedure, environment, by } = request
  const why = suggestions.find(suggestion => suggestion.step === step.id)?.why
  try {
    await ports.notify?.(
      redaction.value({
        event: 'approval.awaited',
        run: ports.writer.run,
        page: procedure.path,
        title: procedure.title,
        step: step.id,
        stepTitle: step.title,
        environment: environment.name,
        by: `${by.user}@${by.host}`,
        ...(why === undefined ? {} : { why }),
        ...(step.irreversible === undefined ? {} : { irreversible: step.irreversible }),
        ...(plan ? { touches: plan.items.length } : {}),
        until: readUntil(text)?.toISOString() ?? '',
        approvers: who,
        approve: how,
      }),
      over,
    )
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (!over.aborted) void emit({ type: 'run.warned', message: `nobody was told that an approval is awaited: ${why}` })
  }
}

/** Whether the environment allowed the step beforehand, to the role of whoever runs it and for as much as its plan touches. */
async function takeBeforehand(
  run: Run,
  step: Step,
  plan: Plan | undefined,
  runner: readonly string[],
): Promise<boolean> {
  const { procedure, environment } = run.request
  const { approvedBeforehand = [], roles = {} } = environment
  const meant = approvedBeforehand.filter(one => one.page === procedure.id && one.step === step.id)
  const own = meant.find(({ role }) => roles[role]?.some(name => runner.includes(name)))
  if (!own) return false
  const { role, max } = own
  const refuse = (why: string) =>
    run.emit({ type: 'run.warned', message: `#${step.id} is approved beforehand for ${role}, but ${why}` })
  if (!plan) {
    await refuse('its page does not list what it touches')
    return false
  }
  if (plan.items.length > max) {
    await refuse(`it would touch ${plan.items.length}, and ${max} at most are`)
    return false
  }
  const text = writeRequest(describeRequest(run, step, plan), environment.approvalValidFor, run.today())
  const by = `${environment.name} beforehand, for ${role}`
  await run.emit({ type: 'step.approved', step: step.id, by, text, signature: '', beforehand: { role, max } })
  return true
}

/** What was asked before the run was resumed, if it still says what would run. What changed since is named. */
async function findEarlier(
  run: Run,
  step: Step,
  plan: Plan | undefined,
  runner: readonly string[],
): Promise<string | undefined> {
  const { writer } = run.ports
  const text = await writer.readApprovalRequest(step.id)
  if (text === undefined) return undefined
  const changes = findChanges(run, step, plan, text)
  if (changes.length === 0) return text
  const signature = await writer.readSignature(step.id)
  if (signature === undefined) return undefined
  const verdict = await verifyApproval(run.request.environment, runner, text, signature)
  if ('problem' in verdict) void run.emit({ type: 'run.warned', message: `not an approval: ${verdict.problem}` })
  else warnOfChanges(run, step, changes)
  return undefined
}

/** Why an approval of this text allows nothing now. */
function findChanges(run: Run, step: Step, plan: Plan | undefined, text: string): string[] {
  if (isOldRequest(text)) return ['it was asked for by an older handbook, and does not say everything that will run']
  const until = readUntil(text)
  return [
    ...(hasEnded(run, text) ? [`it was valid until ${until?.toISOString() ?? 'a time that it does not say'}`] : []),
    ...compareRequest(text, describeRequest(run, step, plan)),
  ]
}

function hasEnded(run: Run, text: string): boolean {
  return run.today().getTime() > (readUntil(text)?.getTime() ?? 0)
}

function warnOfChanges({ emit }: Run, step: Step, changes: readonly string[]): void {
  for (const change of changes)
    void emit({ type: 'run.warned', message: `the approval of #${step.id} allows nothing any more: ${change}` })
}
