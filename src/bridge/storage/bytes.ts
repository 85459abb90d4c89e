import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isMissing } from './error-code.ts'
import { uploadFiles } from './layout.ts'
import { syncFolder } from './replace-file.ts'

/**
 * Writes a stream to the end of a file, which is at the offset, and syncs it. When the stream breaks, the bytes that arrived are kept.
 * Returns the offset after the last byte. Throws a ReplacedFileError when the file is not at that offset, or `mayWrite` says no; throws the
 * errors of the stream and of the volume unchanged.
 */
export async function writeBytes(
  path: string,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void = () => {},
  mayWrite: () => Promise<boolean> = async () => true,
): Promise<number> {
  const file = await open(path, 'r+')
  let position = offset
  try {
    // Asked only now: whoever takes over later gives the name to another file, and this one is nobody's any more.
    if (!(await mayWrite()) || (await file.stat()).size !== offset) throw new ReplacedFileError(path)
    for await (const chunk of source) {
      await writeFully(file, chunk, position)
      onChunk(chunk)
      position += chunk.byteLength
    }
  } finally {
    try {
      await file.datasync()
      await assertInPlace(file, path)
    } finally {
      await file.close()
    }
  }
  return position
}

/** While bytes were written, another process took the file over. What was written is not part of it. */
export class ReplacedFileError extends Error {
  constructor(path: string) {
    super(`${path} was taken over by another process`)
    this.name = 'ReplacedFileError'
  }
}

async function assertInPlace(file: FileHandle, path: string): Promise<void> {
  const [opened, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)])
  if (named !== undefined && (named.ino !== opened.ino || named.dev !== opened.dev)) throw new ReplacedFileError(path)
}

async function writeFully(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < chunk.byteLength) {
    const { bytesWritten } = await file.write(chunk, written, chunk.byteLength - written, position + written)
    written += bytesWritten
  }
}

/** The SHA-256 of a file, in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex')
}

/** Removes an upload that is not acknowledged. Returns false when another process sealed or removed it first. */
export async function removePartial(folder: string, id: string): Promise<boolean> {
  const files = uploadFiles(folder, id)
  try {
    await rename(files.open, files.purging)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await finishRemoval(folder, id)
  return true
}

/** Finishes a removal that was claimed, even one that was interrupted. */
export async function finishRemoval(folder: string, id: string): Promise<void> {
  const files = uploadFiles(folder, id)
  await rm(files.data, { force: true })
  await rm(files.purging, { force: true })
}

/** Claims a complete upload for acknowledgement, so that nothing can purge it. Returns false when it is gone. */
export async function seal(folder: string, id: string): Promise<boolean> {
  const files = uploadFiles(folder, id)
  try {
    await rename(files.open, files.sealed)
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  await syncFolder(folder)
  return true
}
