import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { abandonUpload } from '../../kit/abandon-upload.ts'
import { abandonedBy, backdate } from '../../kit/abandoned-files.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { requireVolume } from '../../kit/low-volume.ts'

/** How many uploads the client begins. Each takes two inodes, of 65,536. */
const BEGUN = 480

/** How many it begins at the same time. */
const AT_ONCE = 4

/** How many files each of the other programs keeps: few enough for nobody to think of them. */
const EACH = 4500

/** The share of the inodes that is left, and the one below which an alert fires. */
const LEFT = 0.026
const LOW = 0.03

const NAME = 'inodes-taken-by-partials'

/** Many programs keep a few files on the volume, and uploads that nobody finishes take the last inodes. */
export const inodesTakenByPartials: Fault = {
  name: NAME,
  title: 'Unfinished uploads take the last inodes',
  summary:
    'A client begins 480 small uploads and never finishes them; each takes two inodes, and other programs, with a few files each, left no more',
  async start(deployment) {
    requireVolume(deployment)
    const { customer, storagePath, signal } = deployment
    const abandoned = abandonedBy(NAME, deployment)
    const ids: string[] = []
    const beginSome = async () => {
      for (let begun = 0; begun < BEGUN / AT_ONCE; begun++) ids.push((await abandonUpload(customer, 1, signal)) ?? '')
    }
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, beginSome))
    } finally {
      await abandoned.remember(ids)
    }
    await backdate(storagePath, ids)
    for (let folder = 0; freeShare(deployment) > LEFT; folder++) {
      fillFolder(deployment, join(dirname(storagePath), `${FOLDER}${folder}`))
      await breathe()
      signal.throwIfAborted()
    }
  },
  async stop(deployment) {
    await abandonedBy(NAME, deployment).withdraw()
    const volume = dirname(deployment.storagePath)
    for (const name of (await readdir(volume)).filter(name => name.startsWith(FOLDER)))
      await rm(join(volume, name), { recursive: true, force: true })
  },
  isActive: deployment => freeShare(deployment) < LOW,
}

/** How the folders of the other programs begin, beside that of the service. */
const FOLDER = 'settings-of-program-'

function fillFolder(deployment: Deployment, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (let file = 0; file < EACH && freeShare(deployment) > LEFT; file++)
    writeFileSync(join(folder, `${file}.json`), '')
}

function freeShare({ storagePath }: Deployment): number {
  const { ffree, files } = statfsSync(storagePath)
  return ffree / files
}
