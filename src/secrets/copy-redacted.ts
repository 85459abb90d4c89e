import { randomBytes } from 'node:crypto'
import { closeSync, constants, copyFileSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { Redaction } from './redaction.ts'

/** Bytes that are read at once. */
const CHUNK = 1 << 20

/**
 * Copies a file of any content without the secrets in it; its other bytes stay the same. The copy is its owner's alone, and is there as a
 * whole or not at all: no secret is ever in it. Throws when it cannot be made.
 */
export function copyRedacted(from: string, to: string, redaction: Redaction): void {
  // Others may write the folder: a link that one of them puts there is not written through.
  const draft = `${to}.${randomBytes(6).toString('hex')}`
  try {
    if (redaction.needed) write(from, draft, redaction)
    else copyFileSync(from, draft, constants.COPYFILE_EXCL)
    renameSync(draft, to)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function write(from: string, draft: string, redaction: Redaction): void {
  const streams = redaction.bytes()
  const chunk = Buffer.alloc(CHUNK)
  const source = openSync(from, 'r')
  const target = openSync(draft, 'wx', 0o600)
  const put = (pieces: readonly { readonly text: string }[]) => {
    for (const { text } of pieces) {
      const bytes = Buffer.from(text, 'latin1')
      for (let at = 0; at < bytes.length; ) at += writeSync(target, bytes, at)
    }
  }
  try {
    for (;;) {
      const length = readSync(source, chunk)
      if (length === 0) break
      put(streams.push('stdout', chunk.toString('latin1', 0, length)))
    }
    put(streams.flush())
  } finally {
    closeSync(source)
    closeSync(target)
  }
}
