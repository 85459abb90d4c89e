import { statfsSync } from 'node:fs'
import { readdir, readFile, rm, statfs, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../fault.ts'
import { LabError } from '../lab-error.ts'
import { abandonUpload, withdrawUpload } from './abandon-upload.ts'

/** Bytes that the client sends of each upload before it gives it up. */
const PIECE = 1024 * 1024

/** Milliseconds in which the volume fills: slowly enough that those who watch see it coming. */
const DURATION = 10_000

/** A share of the volume in use from which on it counts as full. */
const FULL = 0.95

/** A share of the volume that is free, below which people are alerted. */
const LOW = 0.15

/** How long ago the client seems to have given up. */
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
    const free = await available(storagePath)
    const ids: string[] = []
    // The bound: not more pieces than the volume can take.
    while (ids.length * PIECE <= storage.sizeBytes) {
      signal.throwIfAborted()
      const id = await abandonUpload(url, PIECE, signal)
      if (id === undefined) break
      ids.push(id)
      await remember(deployment, ids)
      await sleep(begun + (DURATION * ids.length * PIECE) / free - performance.now())
    }
    await backdate(storagePath, ids)
    const used = 1 - (await available(storagePath)) / storage.sizeBytes
    if (used < FULL) throw new LabError('part-failed', `the volume is only ${Math.round(used * 100)} % full`)
  },
  async stop(deployment) {
    const ids = await recall(deployment)
    for (const id of ids) await withdrawUpload(deployment.url, id).catch(() => undefined)
    // What the service did not take back, because it is down or the upload is locked, is removed by hand.
    await Promise.all((await filesOf(deployment.storagePath, ids)).map(path => rm(path, { force: true })))
    await rm(notePath(deployment), { force: true })
  },
  isActive({ storagePath }) {
    const { bavail, blocks } = statfsSync(storagePath)
    return bavail / blocks < LOW
  },
}

async function available(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

/** Time passes: what was abandoned a moment ago was abandoned two days ago. */
async function backdate(storagePath: string, ids: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - AGE)
  await Promise.all((await filesOf(storagePath, ids)).map(path => utimes(path, then, then)))
}

/** Every file of these uploads, wherever the service keeps it: their names begin with the id. */
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
