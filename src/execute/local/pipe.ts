import { writeSync } from 'node:fs'

/** What a supervisor sends: `o` stdout, `e` stderr, `r` reports, `x` the program's end, `l` what is running, `d` a word was obeyed, `g` its guard is gone. */
export type FrameKind = 'o' | 'e' | 'r' | 'x' | 'l' | 'd' | 'g'

/** Takes a supervisor's stream apart, however it is cut into chunks: `KIND LENGTH\n`, then as many bytes. */
export function createFrameReader(onFrame: (kind: string, bytes: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0)
  return chunk => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      const end = held.indexOf(0x0a)
      if (end < 0) return
      const [kind = '', length = ''] = held.toString('latin1', 0, end).split(' ')
      const next = end + 1 + Number(length)
      if (held.length < next) return
      const bytes = held.subarray(end + 1, next)
      held = held.subarray(next)
      onFrame(kind, bytes)
    }
  }
}

/** A frame as it is sent. */
export function makeFrame(kind: FrameKind, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${kind} ${bytes.length}\n`), bytes])
}

/** Writes everything to a file descriptor before it returns, also to a pipe that is full for the moment. False: nobody reads it any more. */
export function writeAll(file: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += write(file, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return false
      Atomics.wait(PAUSE, 0, 0, 1)
    }
  }
  return true
}

/** Taken before a block can replace it. */
const write = writeSync
const PAUSE = new Int32Array(new SharedArrayBuffer(4))
