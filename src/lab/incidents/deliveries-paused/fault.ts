import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'

// The database knows it, and a fault must say at once whether it is in effect. So its end is watched.
const paused = new Set<string>()

/** An operator paused deliveries and forgot to resume them. */
export const deliveriesPaused: Fault = {
  name: 'deliveries-paused',
  title: 'Deliveries were left paused',
  summary:
    'An operator pauses deliveries while downstream is maintained, and forgets to resume them: uploads are taken and wait',
  async start(deployment) {
    await deployment.bridgectl('deliveries', 'pause', '--reason', 'downstream is maintained until 14:00')
    paused.add(deployment.notesPath)
    void watchForResume(deployment)
  },
  async stop(deployment) {
    if (!paused.has(deployment.notesPath)) return
    await deployment.bridgectl('deliveries', 'resume')
    paused.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => paused.has(notesPath),
}

/** Waits until somebody else resumed deliveries, or the fault was healed. */
async function watchForResume(deployment: Deployment): Promise<void> {
  const { notesPath, signal } = deployment
  let isShown = false
  while (paused.has(notesPath) && !signal.aborted) {
    await sleep(500, undefined, { signal }).catch(() => undefined)
    const metrics = await deployment.readMetrics().catch(() => '')
    if (/^upload_bridge_deliveries_paused 1$/m.test(metrics)) isShown = true
    else if (isShown && /^upload_bridge_deliveries_paused 0$/m.test(metrics)) paused.delete(notesPath)
  }
}
