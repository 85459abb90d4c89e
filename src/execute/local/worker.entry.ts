// The process that ts blocks run in, never the runner itself. It reads requests from file descriptor 3, a line of JSON each.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { BlockReport, WorkerReport, WorkerRequest } from '../protocol.ts'
import { noteResources } from './note-resources.ts'
import { writeAll } from './pipe.ts'
import { findRunning, findWriter } from './running-block.ts'
import { runTypeScript } from './ts-block.ts'
import { warmTypeScript } from './warm-typescript.ts'

const reports = Number(process.env.HB_REPORTS)
const write = (report: WorkerReport) => void writeAll(reports, Buffer.from(`${JSON.stringify(report)}\n`))
tellOutput()
guardExit()
noteResources()
// Now, while the runner is still reading the page.
const surround = warmTypeScript()

createInterface({ input: new Socket({ fd: 3 }) }).on('line', async line => {
  const { turn, block }: WorkerRequest = JSON.parse(line)
  const tell = (report: BlockReport) => write({ turn, report })
  tell({ type: 'finished', result: await runTypeScript(block, surround, tell) })
})

/**
 * Passes on at once, and in order, what is written to `process.stdout` and `process.stderr`. So nothing is lost or late when a block
 * ends, and a block that never returns is still heard. What a block writes after its end is nobody's.
 */
function tellOutput(): void {
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
function guardExit(): void {
  process.exit = code =>
    findRunning('process.exit').leave(
      new Error(`process.exit(${code ?? ''}) was called: a block ends with return, or with throw`),
    )
}
