import type { Fault } from '../../kit/fault.ts'

// bridgectl tells only by asking the database, and a fault must say at once whether it is in effect.
const paused = new Set<string>()

/** An operator paused deliveries and forgot to resume them. */
export const deliveriesPaused: Fault = {
  name: 'deliveries-paused',
  title: 'Deliveries were left paused',
  summary: 'An operator pauses deliveries while downstream is maintained, and forgets to resume them: uploads are taken and wait',
  async start(deployment) {
    await deployment.bridgectl('deliveries', 'pause', '--reason', 'downstream is maintained until 14:00')
    paused.add(deployment.notesPath)
  },
  async stop(deployment) {
    if (!paused.delete(deployment.notesPath)) return
    await deployment.bridgectl('deliveries', 'resume')
  },
  isActive: ({ notesPath }) => paused.has(notesPath),
}
