import { constants, copyFile, link, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { errorCode, isMissing } from '../storage/error-code.ts'
import { uploadFiles } from '../storage/layout.ts'
import { giveToFolderOwner } from '../storage/ownership.ts'
import type { Manifest } from './manifest.ts'
import { readUploads, type UploadInBackup } from './rows.ts'

/** What became of the bytes, and which uploads are damaged, in words: nobody knew yet that their bytes are not there. */
export interface ExportedBytes {
  readonly uploads: Manifest['uploads']
  readonly damaged: readonly string[]
}

/**
 * Brings the bytes of every upload in the exported rows into the backup. Acknowledged bytes never change, so a second name for
 * the same file is a copy of that moment; only on another volume they are really copied.
 */
export async function exportBytes(pool: Pool, uploadsFolder: string, folder: string): Promise<ExportedBytes> {
  const removedMeanwhile: string[] = []
  const missing: string[] = []
  const damaged: string[] = []
  let stored = 0
  let bytes = 0
  for await (const upload of readUploads(folder)) {
    if (upload.bytes_removed_at !== null) continue
    const target = join(folder, 'uploads', upload.id)
    const size = await take(uploadFiles(uploadsFolder, upload.id).data, target)
    if (size === upload.size) {
      stored += 1
      bytes += size
    } else if (size === undefined && (await isRemoved(pool, upload.id))) removedMeanwhile.push(upload.id)
    else {
      await rm(target, { force: true })
      missing.push(upload.id)
      if (size !== undefined || upload.state === 'pending') damaged.push(describeDamage(upload, size))
    }
  }
  return { uploads: { stored, bytes, removedMeanwhile, missing }, damaged }
}

function describeDamage({ id, size }: UploadInBackup, found: number | undefined): string {
  return found === undefined ? `${id} has no bytes` : `${id} has ${found} of ${size} bytes`
}

async function take(source: string, target: string): Promise<number | undefined> {
  try {
    await link(source, target).catch(async error => {
      if (!['EXDEV', 'EPERM', 'EMLINK'].includes(errorCode(error) ?? '')) throw error
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
      giveToFolderOwner(target)
    })
    return (await stat(target)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function isRemoved(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'select from upload_bridge.uploads where id = $1 and bytes_removed_at is not null',
    [id],
  )
  return rowCount === 1
}
