import { statfsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { abandonUpload } from '../../kit/abandon-upload.ts'
import { abandonedBy, backdate } from '../../kit/abandoned-files.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { requireVolume } from '../../kit/low-volume.ts'

/** How many uploads a client begins, of which it never sends a byte. Each takes two inodes. */
const UPLOADS = 1100

/** The share of the inodes that the other program leaves, so that uploads go on for a while. */
const LEFT = 0.004

/** The free share below which an alert fires. */
const LOW = 0.03

/** How many files the other program writes into a folder. The lab's volume has 65,536 inodes. */
const BATCH = 200

/** Small files use up the inodes of the volume, while most of its bytes are free. */
export const inodesExhausted: Fault = {
  name: 'inodes-exhausted',
  title: 'The inodes of the volume run out',
  summary:
    'A client begins 1,100 uploads and sends nothing, and the cache of another program takes the other inodes; most bytes of the volume are free',
  async start(deployment) {
    requireVolume(deployment)
    const { storagePath, url, signal } = deployment
    const abandoned = abandonedBy('inodes-exhausted', deployment)
    const ids: string[] = []
    while (ids.length < UPLOADS) {
      const begun = await Promise.all(Array.from({ length: 10 }, () => abandonUpload(url, 0, signal)))
      ids.push(...begun.filter(id => id !== undefined))
      await abandoned.remember(ids)
    }
    await backdate(storagePath, ids)
    for (let folder = 0; freeShare(deployment) > LEFT; folder++) {
      signal.throwIfAborted()
      await fillFolder(join(cacheOf(deployment), String(folder)))
    }
  },
  async stop(deployment) {
    await rm(cacheOf(deployment), { recursive: true, force: true })
    await abandonedBy('inodes-exhausted', deployment).withdraw()
  },
  isActive: deployment => freeShare(deployment) < LOW,
}

async function fillFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await Promise.all(Array.from({ length: BATCH }, (_, file) => writeFile(join(folder, `${file}.thumbnail`), '')))
}

/** Beside the service's folder, on its volume. */
function cacheOf({ storagePath }: Deployment): string {
  return join(dirname(storagePath), 'thumbnail-cache')
}

function freeShare({ storagePath }: Deployment): number {
  const { ffree, files } = statfsSync(storagePath)
  return ffree / files
}
