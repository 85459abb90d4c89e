import { AsyncLocalStorage } from 'node:async_hooks'
import { Writable } from 'node:stream'
import type { BlockRequest } from './protocol.ts'
import { writeAll } from './write-all.ts'

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
 * Has `process.stdout` and `process.stderr` write before they return, so that nothing is lost or late when a block ends,
 * and a block that never returns is still heard.
 */
export function writeAtOnce(): void {
  Object.defineProperty(process, 'stdout', { value: createStream(1), configurable: true, enumerable: true })
  Object.defineProperty(process, 'stderr', { value: createStream(2), configurable: true, enumerable: true })
}

function createStream(file: number): Writable {
  const stream = new Writable({
    decodeStrings: true,
    write(bytes: Buffer, _, done) {
      if (!isLeftover()) writeAll(file, bytes)
      done()
    },
  })
  return Object.assign(stream, { fd: file })
}
