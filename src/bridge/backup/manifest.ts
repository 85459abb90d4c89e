import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../storage/replace-file.ts'

const column = z.string().regex(/^[a-z\d_]+$/)

const fileSchema = z.strictObject({
  /** Below the backup's folder. */
  path: z.string().regex(/^(?:tables|configuration|state)\/[^/]+$/),
  /** Where it was, of files that were copied. */
  original: z.string().optional(),
  sha256: z.string(),
})

const schema = z.strictObject({
  format: z.literal(1),
  /** The moment that the rows show. */
  createdAt: z.iso.datetime(),
  environment: z.string(),
  release: z.string(),
  /** The steps that the schema had taken; a release that does not know them all must not import it. */
  migrations: z.array(z.string()),
  tables: z.array(z.strictObject({ name: column, columns: z.array(column), rows: z.number() })),
  files: z.array(fileSchema),
  uploads: z.strictObject({
    /** Acknowledged uploads whose bytes are in the backup. */
    stored: z.number(),
    bytes: z.number(),
    /** Uploads whose bytes were removed, as is due after delivery, between the rows and the bytes. */
    removedMeanwhile: z.array(z.string()),
    /** Uploads that had lost their bytes, or some of them, before. */
    missing: z.array(z.string()),
  }),
})

/** What a backup is said to contain; the bytes of uploads are listed by the rows themselves. */
export type Manifest = Readonly<z.infer<typeof schema>>

/** A file of a backup that is neither its manifest nor an upload. */
export type BackedUpFile = Readonly<z.infer<typeof fileSchema>>

/** Writes it last, so that what was interrupted is not taken for a backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, 0o600)
}

/** Reads it; throws when the folder holds no backup, or one of a format of the future. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'manifest.json')
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new BackupError(`${path} is not the manifest of a backup that this release can read`, { cause })
  }
}

/** Why there is no backup, or none was brought back: something that whoever asked for it can see to. */
export class BackupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BackupError'
  }
}
