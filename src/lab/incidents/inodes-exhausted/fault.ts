import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { requireVolume } from '../../kit/low-volume.ts'

/** The share of the inodes that the other program leaves, so that uploads go on for a while. */
const LEFT = 0.005

/** The free share below which an alert fires. */
const LOW = 0.03

/** How many files the other program writes into a folder. The lab's volume has 65,536 inodes. */
const BATCH = 100

/** Small files of another program use up the inodes of the volume, while most of its bytes are free. */
export const inodesExhausted: Fault = {
  name: 'inodes-exhausted',
  title: 'The inodes of the volume run out',
  summary:
    'Another program keeps its cache on the volume, 65,000 empty files; most bytes are free, and soon no file can be created',
  async start(deployment) {
    requireVolume(deployment)
    for (let folder = 0; freeShare(deployment) > LEFT; folder++) {
      fillFolder(join(cacheOf(deployment), String(folder)))
      await breathe()
      deployment.signal.throwIfAborted()
    }
  },
  async stop(deployment) {
    await rm(cacheOf(deployment), { recursive: true, force: true })
    await rm(`${cacheOf(deployment)}.tar`, { force: true })
  },
  isActive: deployment => freeShare(deployment) < LOW,
}

function fillFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (let file = 0; file < BATCH; file++) writeFileSync(join(folder, `${file}.thumbnail`), '')
}

/** Beside the service's folder, on its volume. */
function cacheOf({ storagePath }: Deployment): string {
  return join(dirname(storagePath), 'thumbnail-cache')
}

function freeShare({ storagePath }: Deployment): number {
  const { ffree, files } = statfsSync(storagePath)
  return ffree / files
}
