import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { editedConfiguration } from '../../kit/edited-configuration.ts'
import type { Fault } from '../../kit/fault.ts'
import { sendUpload } from '../../kit/send-upload.ts'
import { query } from '../../postgres/postgres.ts'

/** How long downstream is away, in milliseconds. */
const OUTAGE = 5000

const rare = editedConfiguration({
  name: 'retries-far-apart',
  title: 'Uploads wait for long after an outage that has ended',
  summary:
    'The wait between two attempts was set to half an hour; downstream was away for a moment and answers again, and what failed then waits',
  kind: 'incident',
  set: { 'downstream.retry.initial': '30m', 'downstream.retry.max': '1h' },
  restarted: ['worker'],
})

/** Downstream is back, and nobody tries what failed meanwhile. */
export const retriesFarApart: Fault = {
  ...rare,
  async start(deployment) {
    const { customer, databaseUrl, signal } = deployment
    await rare.start(deployment)
    await deployment.stop('downstream')
    try {
      await sendUpload(customer, 'minutes.bin', Buffer.alloc(4096, 7), signal)
      await sleep(OUTAGE, undefined, { signal })
    } finally {
      await deployment.start('downstream')
    }
    const { rowCount } = await query(databaseUrl, BACKDATE)
    if (rowCount === 0) throw new LabError('cannot-break', 'what came while downstream was away does not wait')
  },
  async stop(deployment) {
    if (!rare.isActive(deployment)) return
    await rare.stop(deployment)
    await deployment.bridgectl('deliveries', 'retry', '--all')
  },
}

/** Simulates time: what failed while downstream was away was acknowledged a quarter of an hour ago. */
const BACKDATE = `
  update upload_bridge.uploads set acknowledged_at = acknowledged_at - interval '15 minutes'
   where state = 'pending' and last_error is not null`
