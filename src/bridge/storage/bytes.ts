import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isMissing } from './error-code.ts'
import { uploadFiles } from './layout.ts'
import { removeFile, syncFolder } from './replace-file.ts'

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
  const appender = new Appender(file, offset)
  let opened: Stats | undefined
  try {
    opened = await file.stat()
    // Asked only now: whoever takes over later gives the name to another file, and this one is nobody's any more.
    if (!(await mayWrite()) || opened.size !== offset) throw new ReplacedFileError(path)
    for await (const chunk of source) {
      onChunk(chunk)
      await appender.add(chunk)
    }
  } finally {
    try {
      await appender.flush()
      await file.datasync()
      await assertInPlace(path, opened)
    } finally {
      await file.close()
    }
  }
  return appender.position
}

/** While bytes were written, another process took the file over. What was written is not part of it. */
export class ReplacedFileError extends Error {
  constructor(path: string) {
    super(`${path} was taken over by another process`)
    this.name = 'ReplacedFileError'
  }
}

async function assertInPlace(path: string, opened: Stats | undefined): Promise<void> {
  const named = await stat(path).catch(() => undefined)
  if (named === undefined || opened === undefined) return
  if (named.ino !== opened.ino || named.dev !== opened.dev) throw new ReplacedFileError(path)
}

/** Bytes that may wait for the write before them. */
const mostWaiting = 1024 * 1024

/** Bytes that were taken and are not on the volume, at most: those that wait, those of the write before them, and the chunks that end both. */
export const mostUnwritten = 3 * mostWaiting

/** Writes chunks one after another. What arrives during a write goes with the next one, so that nobody waits for each chunk. */
class Appender {
  readonly #file: FileHandle
  #position: number
  #waiting: Uint8Array[] = []
  #size = 0
  #writing: Promise<void> | undefined
  #failed: { readonly error: unknown } | undefined

  constructor(file: FileHandle, position: number) {
    this.#file = file
    this.#position = position
  }

  /** Where the next byte is written. */
  get position(): number {
    return this.#position
  }

  /** Takes the next bytes. Throws when bytes before them could not be written. */
  async add(chunk: Uint8Array): Promise<void> {
    if (chunk.byteLength > 0) this.#waiting.push(chunk)
    this.#size += chunk.byteLength
    this.#writing ??= this.#writeWaiting()
    if (this.#size > mostWaiting || this.#failed !== undefined) await this.flush()
  }

  /** Waits until everything is written. Throws when that fails. */
  async flush(): Promise<void> {
    await this.#writing
    if (this.#failed !== undefined) throw this.#failed.error
  }

  async #writeWaiting(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && this.#failed === undefined) {
        const chunks = this.#waiting
        this.#waiting = []
        this.#size = 0
        await this.#write(chunks)
      }
    } catch (error) {
      this.#failed = { error }
    }
    this.#writing = undefined
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    for (let left = chunks; left.length > 0; ) {
      const { bytesWritten } = await this.#file.writev(left, this.#position)
      this.#position += bytesWritten
      left = withoutFirst(left, bytesWritten)
    }
  }
}

/** What is left of chunks behind so many bytes: a full volume takes a part of them. */
function withoutFirst(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes
  return chunks.flatMap(chunk => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength))
    skip -= chunk.byteLength - rest.byteLength
    return rest.byteLength > 0 ? [rest] : []
  })
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
  await removeFile(files.data)
  await removeFile(files.purging)
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
