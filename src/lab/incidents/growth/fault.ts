import { randomBytes } from 'node:crypto'
import { LabError } from '../../../lab-port/index.ts'
import { abandonedBy } from '../../kit/abandoned-files.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { isVolumeLow, requireVolume } from '../../kit/low-volume.ts'
import { Refusal, readUploadState, sendUpload } from '../../kit/send-upload.ts'
import { waitUntil } from '../../processes/wait-until.ts'

/** The bytes of an upload. The last one that fits leaves less than this beside the reserve. */
const SIZE = 2 * 1024 * 1024

/** Out of space: the service refuses the upload. */
const NO_SPACE = 507

/** How long the downstream may take for the last of them, in milliseconds. */
const PATIENCE = 60_000

/** The volume is too small for what is rightly on it: no mitigation heals that, and somebody has to enlarge it. */
export const growth: Fault = {
  name: 'growth',
  title: 'The storage volume is too small',
  summary:
    'Customers send more than the volume was planned for: all of it is delivered and kept as long as it is meant to be, and further uploads get 507',
  async start(deployment) {
    const sizeBytes = requireVolume(deployment)
    const { customer, signal } = deployment
    const sent = abandonedBy('growth', deployment)
    const ids: string[] = []
    for (;;) {
      if (ids.length * SIZE > sizeBytes) throw new LabError('part-failed', 'the volume does not get full')
      const id = await sendUpload(customer, `month-${ids.length + 1}.bin`, randomBytes(SIZE), signal).catch(refused)
      if (id === undefined) break // The service sees no room for more, and refuses it.
      ids.push(id)
      await sent.remember(ids)
    }
    await waitForDelivery(deployment, ids)
    if (!isVolumeLow(deployment)) throw new LabError('cannot-break', 'the service took in too little')
  },
  stop: deployment => abandonedBy('growth', deployment).withdraw(),
  isActive: isVolumeLow,
}

/** Of what is refused for want of room nothing is acknowledged. */
function refused(error: unknown): undefined {
  if (error instanceof Refusal && error.status === NO_SPACE) return undefined
  throw error
}

/** Until nothing waits: what fills the volume is kept on purpose, and is no backlog. */
async function waitForDelivery({ customer, signal }: Deployment, ids: readonly string[]): Promise<void> {
  const isDelivered = async () => {
    for (const id of ids.toReversed()) if ((await readUploadState(customer, id, signal)) !== 'delivered') return false
    return true
  }
  if (await waitUntil(isDelivered, { timeout: PATIENCE, interval: 500, signal })) return
  throw new LabError('cannot-break', 'the downstream did not take what was sent')
}
