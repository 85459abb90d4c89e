import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../../lab-port/index.ts'
import { askUpload } from '../../kit/ask-upload.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { readUploadState, sendUpload } from '../../kit/send-upload.ts'
import { initializeRepository, storeBackup } from '../../kit/store-backup.ts'
import { waitUntil } from '../../processes/wait-until.ts'

const SIZE = 256 * 1024

/** The volume lost one acknowledged upload and changed another, after the hourly backup and before their delivery. */
export const uploadDamaged: Fault = {
  name: 'upload-damaged',
  title: 'Acknowledged uploads are damaged on the volume',
  summary:
    'A disk changes the bytes of one upload and loses those of another, both acknowledged, backed up and not delivered yet',
  async start(deployment) {
    const { customer, signal } = deployment
    await initializeRepository(deployment)
    const folder = join(deployment.storagePath, '.backup-before-damage')
    const bytes = randomBytes(SIZE)
    // Both wait for their delivery when the backup is made and the disk fails.
    await deployment.bridgectl('deliveries', 'pause', '--reason', 'downstream is being maintained')
    let uploads: Uploads
    try {
      const changed = await sendUpload(customer, 'contract-2026.pdf.bin', bytes, signal)
      const missing = await sendUpload(customer, 'survey-photos.bin', bytes, signal)
      uploads = { changed, missing }
      await deployment.bridgectl('backup', 'export', folder)
      await replace(deployment, changed, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]))
      await rm(fileOf(deployment, missing))
      await writeFile(notePath(deployment), JSON.stringify({ ...uploads, sound: hash(bytes) }))
    } finally {
      await deployment.bridgectl('deliveries', 'resume')
    }
    await storeBackup(deployment, folder)
    await writeFile(soundPath(deployment), bytes)
    await rm(folder, { recursive: true })
    const areHeld = async () => {
      const states = Object.values(uploads).map(id => readUploadState(customer, id, signal))
      return (await Promise.all(states)).every(state => state === 'held')
    }
    if (await waitUntil(areHeld, { timeout: 60_000, interval: 100, signal })) return
    throw new LabError('cannot-break', 'the service delivers damaged uploads, or does not look at them')
  },
  async stop(deployment) {
    const note = readNote(deployment)
    if (!note) return
    const bytes = await readFile(soundPath(deployment))
    for (const id of [note.changed, note.missing]) {
      if ((await askUpload(deployment, id)) !== 'held') continue
      await replace(deployment, id, bytes)
      await deployment.bridgectl('deliveries', 'release', id)
    }
    await rm(notePath(deployment))
    await rm(soundPath(deployment))
  },
  isActive: deployment => {
    const note = readNote(deployment)
    if (!note) return false
    const path = fileOf(deployment, note.changed)
    return existsSync(path) && hash(readFileSync(path)) !== note.sound
  },
}

interface Uploads {
  readonly changed: string
  readonly missing: string
}

/** Puts other bytes in the place of a file, whose own inode stays as it was, in the backup that is being made. */
async function replace(deployment: Deployment, id: string, bytes: Buffer): Promise<void> {
  const path = fileOf(deployment, id)
  const folder = join(deployment.storagePath, 'uploads')
  const { uid, gid } = await stat(folder)
  await writeFile(`${path}.damaging`, bytes)
  await chmod(`${path}.damaging`, 0o640)
  await chown(`${path}.damaging`, uid, gid)
  await rename(`${path}.damaging`, path)
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function fileOf({ storagePath }: Deployment, id: string): string {
  return join(storagePath, 'uploads', id)
}

function readNote(deployment: Deployment): (Uploads & { readonly sound: string }) | undefined {
  try {
    return JSON.parse(readFileSync(notePath(deployment), 'utf8'))
  } catch {
    return undefined
  }
}

function notePath({ notesPath }: Deployment): string {
  return join(notesPath, 'upload-damaged.json')
}

function soundPath({ notesPath }: Deployment): string {
  return join(notesPath, 'upload-damaged.bin')
}
