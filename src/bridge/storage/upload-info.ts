import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isMissing } from './error-code.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

const schema = z.object({
  id: z.string(),
  /** Multipart uploads cannot be resumed, and their size is known only at the end. */
  kind: z.enum(['tus', 'multipart']),
  name: z.string(),
  size: z.number().optional(),
  metadata: z.record(z.string(), z.string().nullable()).optional(),
  createdAt: z.string(),
  /** Whose it is: `key:ID` or `address:IP`. */
  owner: z.string().optional(),
})

/** What is expected of an upload that is not acknowledged yet. */
export type UploadInfo = z.infer<typeof schema>

/** Writes the info file of a new upload. */
export async function writeInfo(path: string, info: UploadInfo): Promise<void> {
  await writeFileAtomically(path, JSON.stringify(info))
}

/** Reads an info file; undefined when there is none. */
export async function readInfo(path: string): Promise<UploadInfo | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
