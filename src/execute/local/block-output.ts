import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { findRunning, findWriter } from './running-block.ts'

/**
 * Has what is written to `process.stdout` and `process.stderr` told at once, in its order, so that nothing is lost or late when
 * a block ends, and a block that never returns is still heard. What a block writes after its end is nobody's.
 */
export function tellOutput(): void {
  Object.defineProperty(process, 'stdout', { value: createStream('stdout', 1), configurable: true })
  Object.defineProperty(process, 'stderr', { value: createStream('stderr', 2), configurable: true })
}

/** The most bytes that are told at once. */
const PIECE = 65_536

function createStream(name: 'stdout' | 'stderr', fd: number): Writable {
  const decoder = new StringDecoder('utf8')
  const stream = new Writable({
    decodeStrings: true,
    write(bytes: Buffer, _, done) {
      const writer = findWriter()
      // In pieces: one line of everything would have to be held whole by whoever reads it.
      for (let at = 0; at < bytes.length && writer; at += PIECE) {
        const text = decoder.write(bytes.subarray(at, at + PIECE))
        if (text) writer.tell({ type: 'output', stream: name, text })
      }
      done()
    },
  })
  return Object.assign(stream, { fd })
}

/** Has `process.exit` fail the block that calls it; what a block left behind cannot end this process any more. */
export function guardExit(): void {
  process.exit = code =>
    findRunning('process.exit').leave(
      new Error(`process.exit(${code ?? ''}) was called: a block ends with return, or with throw`),
    )
}
