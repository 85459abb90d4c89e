import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isUploadId } from '../storage/layout.ts'
import { tableFile } from './tables.ts'

const schema = z.object({
  id: z.string().refine(isUploadId),
  size: z.number(),
  sha256: z.string(),
  state: z.enum(['pending', 'delivered', 'held']),
  bytes_removed_at: z.string().nullable(),
})

/** What a backup must know of an upload. */
export type UploadInBackup = Readonly<z.infer<typeof schema>>

/** The lines of a table in a backup, in batches: one object each, unread. */
export async function* readRows(folder: string, table: string): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  for await (const line of readLines(join(folder, tableFile(table)))) {
    batch.push(line)
    if (batch.length < 500) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The uploads of a backup, one after the other. */
export async function* readUploads(folder: string): AsyncGenerator<UploadInBackup> {
  for await (const lines of readRows(folder, 'uploads')) {
    for (const line of lines) yield schema.parse(JSON.parse(line))
  }
}

// node:readline also ends a line at U+2028, which may stand in an error message.
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
