import { randomBytes } from 'node:crypto'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { abandonedBy } from './abandoned-files.ts'
import type { Deployment } from './fault.ts'
import { isVolumeLow, requireVolume } from './low-volume.ts'
import { Refusal, readUploadState, sendUpload } from './send-upload.ts'

/** The bytes of an upload. The last one that fits leaves less than this beside the reserve. */
const SIZE = 2 * 1024 * 1024

/** Out of space: the service refuses the upload. */
const NO_SPACE = 507

/** How long the downstream may take for the last of them, in milliseconds. */
const PATIENCE = 60_000

/** Sends uploads until the service sees no room for more, and waits until all are delivered. The fault remembers them; returns their ids. */
export async function fillWithDeliveries(fault: string, deployment: Deployment): Promise<readonly string[]> {
  const sizeBytes = requireVolume(deployment)
  const { customer, signal } = deployment
  const sent = abandonedBy(fault, deployment)
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
  return ids
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
