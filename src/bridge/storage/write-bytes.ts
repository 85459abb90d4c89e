import { type FileHandle, open } from 'node:fs/promises'

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
