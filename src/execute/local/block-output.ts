import { AsyncLocalStorage } from 'node:async_hooks'
import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { BlockRequest, WorkerReport } from '../protocol.ts'

const running = new AsyncLocalStorage<BlockRequest>()
let current: BlockRequest | undefined

/** Runs a block's code; what it writes is the block's output until it is over, and nobody's from then on. */
export async function withOutput<T>(request: BlockRequest, run: () => Promise<T>): Promise<T> {
  current = request
  try {
    return await running.run(request, run)
  } finally {
    current = undefined
  }
}

/** Whether the code that runs now belongs to a block that is over. */
export function isLeftover(): boolean {
  const writer = running.getStore()
  return writer !== undefined && writer !== current
}

/**
 * Has what is written to `process.stdout` and `process.stderr` told at once, in its order, so that nothing is lost or late when
 * a block ends, and a block that never returns is still heard.
 */
export function tellOutput(tell: (report: WorkerReport) => void): void {
  Object.defineProperty(process, 'stdout', { value: createStream('stdout', 1, tell), configurable: true })
  Object.defineProperty(process, 'stderr', { value: createStream('stderr', 2, tell), configurable: true })
}

/** The most bytes that are told at once. */
const PIECE = 65_536

function createStream(name: 'stdout' | 'stderr', fd: number, tell: (report: WorkerReport) => void): Writable {
  const decoder = new StringDecoder('utf8')
  const stream = new Writable({
    decodeStrings: true,
    write(bytes: Buffer, _, done) {
      // In pieces: one line of everything would have to be held whole by whoever reads it.
      for (let at = 0; at < bytes.length && !isLeftover(); at += PIECE) {
        const text = decoder.write(bytes.subarray(at, at + PIECE))
        if (text) tell({ type: 'output', stream: name, text })
      }
      done()
    },
  })
  return Object.assign(stream, { fd })
}
