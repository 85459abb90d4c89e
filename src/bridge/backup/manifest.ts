import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../storage/replace-file.ts'

const column = z.string().regex(/^[a-z\d_]+$/)

const fileSchema = z.strictObject({
  /** Below the backup's folder. */
  path: z.string().regex(/^(?:tables|configuration|state)\/[^/]+$/),
  /** The original path, for files that were copied. */
  original: z.string().optional(),
  sha256: z.string(),
})

const schema = z.strictObject({
  format: z.literal(1),
  /** The time of the rows. */
  createdAt: z.iso.datetime(),
  environment: z.string(),
  release: z.string(),
  /** The schema's migrations. A release that does not know all of them must not import the backup. */
  migrations: z.array(z.string()),
  tables: z.array(z.strictObject({ name: column, columns: z.array(column), rows: z.number() })),
  files: z.array(fileSchema),
  uploads: z.strictObject({
    /** Acknowledged uploads with their bytes in the backup. */
    stored: z.number(),
    bytes: z.number(),
    /** Uploads without bytes, because these were removed on schedule between the export of the rows and of the bytes. */
    removedMeanwhile: z.array(z.string()),
    /** Uploads that had already lost some or all of their bytes. */
    missing: z.array(z.string()),
  }),
})

/** The list of a backup's content. The rows list the bytes of uploads. */
export type Manifest = Readonly<z.infer<typeof schema>>

/** A file of a backup that is neither its manifest nor an upload. */
export type BackedUpFile = Readonly<z.infer<typeof fileSchema>>

/** Writes the manifest last, so that an interrupted export is not taken for a backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, 0o600)
}

/** Reads the manifest. Throws when the folder holds no backup, or one of a newer format. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'manifest.json')
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new BackupError(`${path} is not the manifest of a backup that this release can read`, { cause })
  }
}

/** A backup or an import failed for a reason that the operator can fix. */
export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupError'
  }
}
