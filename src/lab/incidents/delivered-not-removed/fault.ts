import { abandonedBy, backdate } from '../../kit/abandoned-files.ts'
import type { Fault } from '../../kit/fault.ts'
import { fillWithDeliveries } from '../../kit/fill-with-deliveries.ts'
import { isVolumeLow } from '../../kit/low-volume.ts'
import { killService } from '../../kit/stopped-service.ts'
import { query } from '../../postgres/postgres.ts'

const NAME = 'delivered-not-removed'

/** Simulates time: the removals were due two days ago. */
const OVERDUE =
  "update graphile_worker._private_jobs set run_at = now() - interval '2 days' where key like 'remove-bytes:%'"

/** The worker died long ago, and what it had delivered by then is still there. */
export const deliveredNotRemoved: Fault = {
  name: NAME,
  title: 'Delivered uploads are not removed',
  summary:
    'The worker died two days ago, as it seems, and nothing started it again: the uploads that it had delivered by then fill the volume, long after they were to go',
  async start(deployment) {
    const ids = await fillWithDeliveries(NAME, deployment)
    await killService(deployment, 'worker')
    await backdate(deployment.storagePath, ids)
    await query(deployment.databaseUrl, OVERDUE)
  },
  async stop(deployment) {
    await abandonedBy(NAME, deployment).withdraw()
    await deployment.start('worker')
  },
  isActive: deployment => isVolumeLow(deployment) || deployment.pid('worker') === undefined,
}
