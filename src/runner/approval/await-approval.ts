import { formatDuration } from '../../base/index.ts'
import type { Json } from '../../journal/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Permission } from '../permit.ts'
import type { Run } from '../run.ts'
import { verifyApproval } from './verify-approval.ts'

/** Milliseconds between two looks for a signature, and until nobody is waited for any longer. */
const LOOK_EVERY = 1000
const PATIENCE = 15 * 60_000

/**
 * In a protected environment, waits for somebody else's approval of a dangerous step, or records that it begins without one. Nothing,
 * when it may run.
 */
export async function awaitApproval(run: Run, step: Step): Promise<Permission | undefined> {
  const { request, ports, emit } = run
  const { environment, breakGlass, by } = request
  if (!environment.protected) return undefined
  if (breakGlass !== undefined) {
    await emit({ type: 'step.unapproved', step: step.id, reason: breakGlass, by })
    return undefined
  }
  if (Object.keys(environment.approvers).length === 0)
    return { answer: 'refused', why: `${environment.name} is protected, but handbook.yaml names no approvers for it` }
  const { writer } = ports
  const id = writer.run
  const text = writeApprovalText(run, step)
  try {
    await writer.requestApproval(step.id, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { answer: 'refused', why: `the approval of “${step.title}” cannot be asked for: ${why}` }
  }
  const who = Object.keys(environment.approvers).filter(name => name !== by.user)
  const how = `handbook runs approve ${id} ${step.id} --key FILE`
  let waiting = false
  let judged: string | undefined
  for (let waited = 0; ; waited += LOOK_EVERY) {
    const signature = await writer.readSignature(step.id)
    if (signature !== undefined && signature !== judged) {
      judged = signature
      const verdict = await verifyApproval(environment, by.user, text, signature)
      if ('approver' in verdict) {
        await emit({ type: 'step.approved', step: step.id, by: verdict.approver, text, signature })
        return undefined
      }
      void emit({ type: 'run.warned', message: `not an approval: ${verdict.problem}` })
    }
    if (ports.signal.aborted) return { answer: 'stop' }
    if (waited >= PATIENCE) {
      const why = `nobody approved “${step.title}” within ${formatDuration(PATIENCE)}`
      return { answer: 'refused', why: `${why}. After the approval (${how}), resume: handbook runs resume ${id}` }
    }
    if (!waiting)
      void emit({
        type: 'run.waiting',
        for: 'approval',
        step: step.id,
        message: `${who.join(' or ')} must approve: ${how}`,
      })
    waiting = true
    await ports.clock.sleep(LOOK_EVERY, ports.signal)
  }
}

/**
 * What an approver signs, to the letter: which block is to run in which run and environment, and with which values. Secrets are not
 * in it.
 */
function writeApprovalText({ request, ports, values, redaction }: Run, step: Step): string {
  const { procedure, environment, params, by } = request
  const secret = new Set(procedure.params.flatMap(param => (param.secret ? param.name : [])))
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secret.has(name) ? '[redacted]' : value]),
  )
  return [
    'handbook approval 1',
    `run         ${ports.writer.run}`,
    `by          ${by.user}@${by.host}`,
    `environment ${environment.name}`,
    `page        ${procedure.path}`,
    `step        ${step.id}`,
    `block       ${step.block.hash}`,
    `params      ${writeSorted(redaction.value(shown))}`,
    `target      ${writeSorted(redaction.value({ ...environment.target }))}`,
    `values      ${writeSorted(redaction.value(values))}`,
    '',
  ].join('\n')
}

/** JSON on one line, keys in their order. */
function writeSorted(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
