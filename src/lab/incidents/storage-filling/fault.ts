import { statfsSync } from 'node:fs'
import { readdir, readFile, rm, statfs, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../../../lab-port/index.ts'
import { abandonUpload, withdrawUpload } from '../../kit/abandon-upload.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** The bytes that the client sends of each upload before it gives up. */
const PIECE = 1024 * 1024

/** The time in which the volume fills, in milliseconds. It is slow enough for people to see it coming. */
const DURATION = 10_000

/** The share of the volume that the client leaves free: almost nothing, but room for a few small uploads. */
const LEFT = 0.028

/** The free share below which an alert fires and the volume counts as filling. */
const LOW = 0.15

/** How old the client's last byte seems to be. */
const AGE = 2 * 24 * 3600 * 1000

/** A client begins uploads and never finishes them, until the volume is full. */
export const storageFilling: Fault = {
  name: 'storage-filling',
  title: 'The storage volume fills up',
  summary: 'A client begins many uploads and never finishes them; their bytes fill the volume',
  async start(deployment) {
    const { storage, storagePath, url, signal } = deployment
    if (storage.kind === 'folder') {
      throw new LabError('cannot-break', `this would fill the disk of this machine: ${storage.reason}`)
    }
    const begun = performance.now()
    const room = (await freeShare(storagePath)) - LEFT
    const ids: string[] = []
    for (let left = room; left > 0; left = (await freeShare(storagePath)) - LEFT) {
      if (ids.length * PIECE > storage.sizeBytes) throw new LabError('part-failed', 'the volume does not get full')
      const id = await abandonUpload(url, PIECE, signal)
      if (id === undefined) break // The service sees no room for more: that is as full as a client gets it.
      ids.push(id)
      await remember(deployment, ids)
      await sleep(begun + DURATION * (1 - left / room) - performance.now(), undefined, { signal })
    }
    await backdate(storagePath, ids)
    if ((await freeShare(storagePath)) >= LOW) throw new LabError('cannot-break', 'the service took in too little')
  },
  async stop(deployment) {
    const ids = await recall(deployment)
    for (const id of ids) await withdrawUpload(deployment.url, id).catch(() => undefined)
    // Files that the service did not remove, because it is down or the upload is locked, are deleted directly.
    await Promise.all((await filesOf(deployment.storagePath, ids)).map(path => rm(path, { force: true })))
    await rm(notePath(deployment), { force: true })
  },
  isActive({ storagePath }) {
    const { bavail, blocks } = statfsSync(storagePath)
    return bavail / blocks < LOW
  },
}

async function freeShare(path: string): Promise<number> {
  const { bavail, blocks } = await statfs(path)
  return bavail / blocks
}

/** Simulates time: the uploads that were just abandoned look two days old. */
async function backdate(storagePath: string, ids: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - AGE)
  await Promise.all((await filesOf(storagePath, ids)).map(path => utimes(path, then, then)))
}

/** Every file of these uploads, in any folder of the service. Their names begin with the id. */
async function filesOf(storagePath: string, ids: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(ids)
  const entries = await readdir(storagePath, { recursive: true })
  return entries.filter(path => wanted.has(basename(path).split('.')[0] ?? '')).map(path => join(storagePath, path))
}

async function remember(deployment: Deployment, ids: readonly string[]): Promise<void> {
  await writeFile(notePath(deployment), JSON.stringify(ids))
}

async function recall(deployment: Deployment): Promise<readonly string[]> {
  const text = await readFile(notePath(deployment), 'utf8').catch(() => '[]')
  return JSON.parse(text)
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'storage-filling.json')
}
