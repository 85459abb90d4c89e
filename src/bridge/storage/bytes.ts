import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a stream into a file from an offset on, and syncs it, also when the stream breaks: what arrived is kept.
 * Returns the offset after the last byte. Errors of the stream and of the volume are thrown as they are.
 */
export async function writeBytes(
  path: string,
  offset: number,
  source: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void = () => {},
): Promise<number> {
  const file = await open(path, 'r+')
  let position = offset
  try {
    for await (const chunk of source) {
      await writeFully(file, chunk, position)
      onChunk(chunk)
      position += chunk.byteLength
    }
    return position
  } finally {
    try {
      await file.datasync()
    } finally {
      await file.close()
    }
  }
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
