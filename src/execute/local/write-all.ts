import { writeSync } from 'node:fs'

/** Writes everything to a file descriptor before it returns, also to a pipe that is full for the moment. False: nobody reads it any more. */
export function writeAll(file: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false
      Atomics.wait(PAUSE, 0, 0, 1)
    }
  }
  return true
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4))
