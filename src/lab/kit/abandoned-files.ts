import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { withdrawUpload } from './abandon-upload.ts'
import type { Deployment } from './fault.ts'

/** How old the last byte of an abandoned upload seems to be, in milliseconds. */
const AGE = 2 * 24 * 3600 * 1000

/** The uploads that a fault began and left, by a note of its own: a lab that was killed in the middle still finds them. */
export interface AbandonedUploads {
  remember(ids: readonly string[]): Promise<void>
  /** Removes all that it remembers. */
  withdraw(): Promise<void>
}

/** Opens the note of a fault. */
export function abandonedBy(fault: string, { customer, storagePath, notesPath }: Deployment): AbandonedUploads {
  const path = join(notesPath, `${fault}.json`)
  return {
    remember: ids => writeFile(path, JSON.stringify(ids)),
    async withdraw() {
      const ids: readonly string[] = JSON.parse(await readFile(path, 'utf8').catch(() => '[]'))
      const [first] = await filesOf(storagePath, ids)
      if (first !== undefined) {
        for (const id of ids) await withdrawUpload(customer, id).catch(() => undefined)
        // Files that the service did not remove, because it is down or the upload is locked, are deleted directly.
        await Promise.all((await filesOf(storagePath, ids)).map(file => rm(file, { force: true })))
      }
      await rm(path, { force: true })
    },
  }
}

/** Simulates time: the uploads that were just abandoned look two days old. */
export async function backdate(storagePath: string, ids: readonly string[]): Promise<void> {
  const then = new Date(Date.now() - AGE)
  await Promise.all((await filesOf(storagePath, ids)).map(path => utimes(path, then, then)))
}

/** Every file of these uploads, in any folder of the service. Their names begin with the id. */
async function filesOf(storagePath: string, ids: readonly string[]): Promise<readonly string[]> {
  const wanted = new Set(ids)
  const entries = await readdir(storagePath, { recursive: true })
  return entries.filter(path => wanted.has(basename(path).split('.')[0] ?? '')).map(path => join(storagePath, path))
}
