import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { copyFile, open, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { StoredBlob } from '../run-store.ts'
import type { BlobWriter } from '../run-writer.ts'
import { makeFolder } from './share.ts'

/** A file of a run's folder, by its path there, for whoever reads it. */
export async function openBlob(folder: string, name: string): Promise<StoredBlob> {
  const path = join(folder, name)
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => undefined,
  )
  return {
    ...(bytes === undefined ? {} : { bytes }),
    async readStart(length) {
      const file = await open(path, 'r')
      try {
        const start = Buffer.alloc(length)
        return start.subarray(0, (await file.read(start, 0, length, 0)).bytesRead)
      } finally {
        await file.close()
      }
    },
    async hash() {
      const sum = createHash('sha256')
      for await (const chunk of createReadStream(path)) sum.update(chunk)
      return sum.digest('hex')
    },
    copyTo: target => copyFile(path, target),
    linkFrom: from => relative(from, path).split(sep).map(encodeURIComponent).join('/'),
  }
}

/** A new file `output/NAME.log` of a run's folder, that takes as much as it may, and as the disk has room for. */
export function writeBlob(folder: string, name: string, limit: number): BlobWriter {
  return writeAsPossible(limit, () => openNew(folder, name))
}

/** Keeps nothing, and says why. */
export function writeNoBlob(why: string): BlobWriter {
  return writeAsPossible(0, () => {
    throw new Error(why)
  })
}

function writeAsPossible(
  limit: number,
  openFile: () => { readonly file: string; readonly number: number },
): BlobWriter {
  const hash = createHash('sha256')
  let kept = 0
  let problem: string | undefined
  let opened: { readonly file: string; readonly number: number } | undefined
  const attempt = (work: () => void) => {
    if (problem !== undefined) return
    try {
      work()
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
  }
  attempt(() => {
    opened = openFile()
  })
  return {
    write(bytes) {
      attempt(() => {
        for (const end = Math.min(bytes.length, limit - kept), from = kept; kept < from + end; ) {
          const at = kept - from
          const written = writeSync(opened?.number ?? -1, bytes, at, end - at)
          hash.update(bytes.subarray(at, at + written))
          kept += written
        }
      })
    },
    close() {
      if (opened) closeSync(opened.number)
      return {
        ...(opened ? { file: opened.file } : {}),
        kept,
        sha256: hash.digest('hex'),
        ...(problem === undefined ? {} : { problem }),
      }
    },
  }
}

/** A file of its own: a run that is resumed counts its tries anew. */
function openNew(folder: string, name: string): { file: string; number: number } {
  makeFolder(join(folder, 'output'))
  for (let count = 1; ; count++) {
    const file = join('output', `${name}${count === 1 ? '' : `-${count}`}.log`)
    try {
      return { file, number: openSync(join(folder, file), 'wx', 0o600) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
