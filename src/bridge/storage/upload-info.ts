import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isMissing } from './error-code.ts'
import { writeFileAtomically } from './replace-file.ts'

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

// Controls, halves of characters, ends of lines, and what turns the direction of text so that `exe` reads as something else.
const unsafe = /\p{Cc}|\p{Cs}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Makes a client's file name harmless: its last path segment, without control characters, at most 255 characters. */
export function safeUploadName(name: string | null | undefined): string {
  const segment = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  const printable = Array.from(segment.replace(unsafe, '')).slice(0, 255).join('').trim()
  return printable === '' || printable === '.' || printable === '..' ? 'unnamed' : printable
}
