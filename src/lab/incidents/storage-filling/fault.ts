import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { abandonUpload } from '../../kit/abandon-upload.ts'
import { abandonedBy, backdate } from '../../kit/abandoned-files.ts'
import type { Fault } from '../../kit/fault.ts'
import { isVolumeLow, requireVolume } from '../../kit/low-volume.ts'

/** The bytes that the client sends of each upload before it gives up. */
const PIECE = 1024 * 1024

/** The time in which the volume fills, in milliseconds. It is slow enough for people to see it coming. */
const DURATION = 10_000

/** The share of the volume that the client leaves free: almost nothing, but room for a few small uploads. */
const LEFT = 0.028

/** A client begins uploads and never finishes them, until the volume is full. */
export const storageFilling: Fault = {
  name: 'storage-filling',
  title: 'The storage volume fills up',
  summary: 'A client begins many uploads and never finishes them; their bytes fill the volume',
  async start(deployment) {
    const { storagePath, customer, signal } = deployment
    const sizeBytes = requireVolume(deployment)
    const abandoned = abandonedBy('storage-filling', deployment)
    const begun = performance.now()
    const room = (await freeShare(storagePath)) - LEFT
    const ids: string[] = []
    for (let left = room; left > 0; left = (await freeShare(storagePath)) - LEFT) {
      if (ids.length * PIECE > sizeBytes) throw new LabError('part-failed', 'the volume does not get full')
      const id = await abandonUpload(customer, PIECE, signal)
      if (id === undefined) break // The service sees no room for more: that is as full as a client gets it.
      ids.push(id)
      await abandoned.remember(ids)
      await sleep(begun + DURATION * (1 - left / room) - performance.now(), undefined, { signal })
    }
    await backdate(storagePath, ids)
    if (!isVolumeLow(deployment)) throw new LabError('cannot-break', 'the service took in too little')
  },
  stop: deployment => abandonedBy('storage-filling', deployment).withdraw(),
  isActive: isVolumeLow,
}

async function freeShare(path: string): Promise<number> {
  const { bavail, blocks } = await statfs(path)
  return bavail / blocks
}
