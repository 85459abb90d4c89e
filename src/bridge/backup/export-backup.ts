import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { giveToFolderOwner, makeFolder } from '../storage/ownership.ts'
import { BackupError } from './backup-error.ts'
import { exportBytes } from './export-bytes.ts'
import { exportRows } from './export-rows.ts'
import { exportSettings } from './export-settings.ts'
import { type Manifest, writeManifest } from './manifest.ts'

/** What is to be backed up. */
export interface BackupSource {
  readonly pool: Pool
  readonly environment: string
  readonly release: string
  /** The folder of uploads on the volume. */
  readonly uploads: string
  readonly configuration: readonly string[]
  readonly statePath: string
}

/**
 * Writes a whole deployment into an empty folder: rows of one moment first, then the bytes that those rows tell of. What is
 * acknowledged later belongs to the next backup; what is removed meanwhile is named. Returns which uploads are damaged.
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
