import { constants, copyFile, link, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Pool } from 'pg'
import { hashFile } from '../storage/bytes.ts'
import { errorCode, isMissing } from '../storage/error-code.ts'
import { uploadFiles } from '../storage/layout.ts'
import { giveToFolderOwner, makeFolder } from '../storage/ownership.ts'
import { type BackedUpFile, BackupError, type Manifest, writeManifest } from './manifest.ts'
import { exportRows, readUploads, type UploadInBackup } from './rows.ts'

/** The parts of the deployment to back up. */
interface BackupSource {
  readonly pool: Pool
  readonly environment: string
  readonly release: string
  /** The folder of uploads on the volume. */
  readonly uploads: string
  readonly configuration: readonly string[]
  readonly statePath: string
}

/**
 * Writes a whole deployment into an empty folder: first the rows of one moment, then the bytes of the uploads in these rows. Uploads that
 * are acknowledged later are part of the next backup. Uploads that are removed meanwhile are listed. Returns which uploads are damaged.
 */
export async function exportBackup(
  source: BackupSource,
  folder: string,
): Promise<{ readonly manifest: Manifest; readonly damaged: readonly string[] }> {
  makeFolder(folder, 0o700)
  if ((await readdir(folder)).length > 0)
    throw new BackupError(`${folder} is not empty; a backup is never written over another`)
  makeFolder(join(folder, 'tables'), 0o700)
  makeFolder(join(folder, 'uploads'), 0o700)
  const { createdAt, migrations, tables, files } = await exportRows(source.pool, folder)
  const { uploads, damaged } = await exportBytes(source.pool, source.uploads, folder)
  const settings = await exportSettings(folder, source.configuration, source.statePath)
  const manifest: Manifest = {
    format: 1,
    createdAt: createdAt.toISOString(),
    environment: source.environment,
    release: source.release,
    migrations: [...migrations],
    tables,
    files: [...files, ...settings],
    uploads,
  }
  await writeManifest(folder, manifest)
  for (const { path } of manifest.files) giveToFolderOwner(join(folder, path))
  return { manifest, damaged }
}

/** Copies the configuration files, the files of secrets and certificates that they name, and the small files of the state. */
async function exportSettings(
  folder: string,
  configuration: readonly string[],
  statePath: string,
): Promise<readonly BackedUpFile[]> {
  makeFolder(join(folder, 'configuration'), 0o700)
  makeFolder(join(folder, 'state'), 0o700)
  const files: BackedUpFile[] = []
  for (const [index, original] of configuration.entries()) {
    files.push(await copy(folder, `configuration/${index + 1}-${basename(original)}`, original))
  }
  const entries = await readdir(statePath, { withFileTypes: true }).catch(error => {
    if (isMissing(error)) return []
    throw error
  })
  for (const entry of entries.filter(entry => entry.isFile() && !entry.name.endsWith('.tmp'))) {
    files.push(await copy(folder, `state/${entry.name}`, join(statePath, entry.name)))
  }
  return files
}

async function copy(folder: string, path: string, original: string): Promise<BackedUpFile> {
  const target = join(folder, path)
  await copyFile(original, target, constants.COPYFILE_EXCL)
  return { path, original, sha256: await hashFile(target) }
}

/** The result for the bytes, and the uploads that turned out to be damaged, in words. */
interface ExportedBytes {
  readonly uploads: Manifest['uploads']
  readonly damaged: readonly string[]
}

/**
 * Adds the bytes of every upload in the exported rows to the backup. Acknowledged bytes never change, so a hard link to the same file is a
 * copy. The bytes are copied only when the backup is on another volume.
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
