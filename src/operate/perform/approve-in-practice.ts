import type { Environment } from '../../environments/index.ts'
import type { RunEvent, RunStore } from '../../journal/index.ts'
import { callKeygen, NAMESPACE } from '../../runner/index.ts'

/**
 * Approves what a run of a practice deployment waits for, as a second person would: with a key that only practice deployments have. A run
 * in any other environment has nobody to approve it here.
 */
export async function approveInPractice(
  event: RunEvent,
  { secondPersonKey }: Pick<Environment, 'secondPersonKey'>,
  store: RunStore,
): Promise<void> {
  if (secondPersonKey === undefined || event.type !== 'run.waiting' || event.for !== 'approval') return
  if (event.step === undefined) return
  const text = await store.readApprovalRequest(event.run, event.step)
  if (text === undefined) return
  const signed = await callKeygen(['-Y', 'sign', '-f', secondPersonKey, '-n', NAMESPACE], text)
  // A run without an approval says itself that nobody approved.
  if (signed.code === 0) await store.approve(event.run, event.step, signed.stdout)
}
