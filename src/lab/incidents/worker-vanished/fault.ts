import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../kit/fault.ts'
import { heldSession } from '../../kit/held-session.ts'
import { sendUpload } from '../../kit/send-upload.ts'
import { freeze, thaw } from '../../kit/stopped-service.ts'

/** How many deliveries the worker had begun. */
const BEGUN = 4

/** How long they have been overdue when the fault is in effect, in milliseconds. */
const OVERDUE = 11_000

const session = heldSession({
  name: 'worker-vanished',
  title: 'A worker vanished with the deliveries that it had begun',
  summary:
    'The machine of a second worker loses its network; PostgreSQL does not notice, keeps its connection, and nobody else takes the four deliveries that it had begun',
  application: 'upload-bridge-worker-liveness of another machine',
  // As a worker does: jobs are locked by its id, and its connection says that it lives.
  lock: `
    update graphile_worker._private_jobs set locked_by = 'worker-vanished', locked_at = now()
     where locked_by is null and run_at <= now() and key like 'deliver:%';
    commit;
    select pg_advisory_lock(726201, hashtext('worker-vanished'))`,
})

/** Deliveries that a worker has begun which is not there any more, and which the others take for alive. */
export const workerVanished: Fault = {
  ...session,
  async start(deployment) {
    const { customer, signal } = deployment
    // So that the other one comes first.
    await freeze(deployment, 'worker')
    try {
      for (let sent = 0; sent < BEGUN; sent++) await sendUpload(customer, 'plan.bin', Buffer.alloc(1024, sent), signal)
      await session.start(deployment)
    } finally {
      await thaw(deployment, 'worker')
    }
    await sleep(OVERDUE, undefined, { signal })
  },
}
