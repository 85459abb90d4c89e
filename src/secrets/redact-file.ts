import { closeSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import type { Redaction } from './redaction.ts'

/** Bytes that are read at once. */
const CHUNK = 1 << 20

/** Removes secrets from a file of any content. Its other bytes stay the same. The file is replaced as a whole. */
export function redactFile(path: string, redaction: Redaction): void {
  const draft = `${path}.redacting`
  const streams = redaction.bytes()
  const chunk = Buffer.alloc(CHUNK)
  const from = openSync(path, 'r')
  const to = openSync(draft, 'w', statSync(path).mode)
  const write = (pieces: readonly { readonly text: string }[]) => {
    for (const { text } of pieces) {
      const bytes = Buffer.from(text, 'latin1')
      for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
    }
  }
  try {
    for (;;) {
      const length = readSync(from, chunk)
      if (length === 0) break
      write(streams.push('stdout', chunk.toString('latin1', 0, length)))
    }
    write(streams.flush())
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    // It is better to keep nothing than to keep a secret.
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(from)
    closeSync(to)
  }
}
