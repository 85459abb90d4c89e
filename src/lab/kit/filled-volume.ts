import { statfsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../lab-port/index.ts'
import { abandonUpload } from './abandon-upload.ts'
import { abandonedBy, backdate } from './abandoned-files.ts'
import type { Deployment, Fault } from './fault.ts'

/** The bytes that the client sends of each upload before it gives up. */
const PIECE = 1024 * 1024

/** The time in which the volume fills, in milliseconds. It is slow enough for people to see it coming. */
const DURATION = 10_000

/** The share of the volume that stays free: almost nothing, but room for a few small uploads. */
const LEFT = 0.028

/** The free share below which an alert fires and the volume counts as filling. */
const LOW = 0.15

/** Uploads that fill the volume. */
interface Filling extends Pick<Fault, 'name' | 'title' | 'summary'> {
  /** Whether their clients gave them up days ago, or still send. */
  readonly isStale: boolean
}

/** A fault: partial uploads fill the volume, until the service sees no room for more. */
export function filledVolume({ isStale, ...named }: Filling): Fault {
  return {
    ...named,
    async start(deployment) {
      assertVolume(deployment)
      const { storage, storagePath, url, signal } = deployment
      const abandoned = abandonedBy(named.name, deployment)
      const begun = performance.now()
      const room = (await freeShare(storagePath)) - LEFT
      const ids: string[] = []
      for (let left = room; left > 0; left = (await freeShare(storagePath)) - LEFT) {
        if (ids.length * PIECE > sizeOf(storage)) throw new LabError('part-failed', 'the volume does not get full')
        const id = await abandonUpload(url, PIECE, signal)
        if (id === undefined) break // The service sees no room for more: that is as full as a client gets it.
        ids.push(id)
        await abandoned.remember(ids)
        await sleep(begun + DURATION * (1 - left / room) - performance.now(), undefined, { signal })
      }
      if (isStale) await backdate(storagePath, ids)
      if ((await freeShare(storagePath)) >= LOW) throw new LabError('cannot-break', 'the service took in too little')
    },
    stop: deployment => abandonedBy(named.name, deployment).withdraw(),
    isActive: isVolumeLow,
  }
}

/** Throws when the lab has no volume of its own, so that a fault would fill the disk of this machine. */
export function assertVolume({ storage }: Deployment): void {
  if (storage.kind === 'volume') return
  throw new LabError('cannot-break', `this would fill the disk of this machine: ${storage.reason}`)
}

/** Whether so little of the volume is free that an alert should fire. */
export function isVolumeLow({ storagePath }: Deployment): boolean {
  const { bavail, blocks } = statfsSync(storagePath)
  return bavail / blocks < LOW
}

async function freeShare(path: string): Promise<number> {
  const { bavail, blocks } = await statfs(path)
  return bavail / blocks
}

function sizeOf(storage: Deployment['storage']): number {
  return storage.kind === 'volume' ? storage.sizeBytes : 0
}
