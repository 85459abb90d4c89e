// The process that a ts block runs in, never the runner itself. It reads the block from file descriptor 3, a line of JSON.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { writeJson } from '../json.ts'
import type { BlockReport, BlockRequest } from '../protocol.ts'
import { keepIntrinsics } from './intrinsics.ts'
import { noteResources } from './note-resources.ts'
import { writeAll } from './pipe.ts'
import { findRunning, findWriter } from './running-block.ts'
import { runTypeScript } from './ts-block.ts'
import { MANY } from './typescript-worker.ts'
import { warmTypeScript } from './warm-typescript.ts'

const reports = Number(process.env.HB_REPORTS)
const { from } = Buffer
const tell = (report: BlockReport) => void writeAll(reports, from(`${writeJson(report)}\n`))
const restore = keepIntrinsics()
// What a block calls may call much of ours before it fails.
Error.stackTraceLimit = 25
const { exit } = process
const { wait } = Atomics
const PAUSE = new Int32Array(new SharedArrayBuffer(4))
/** The runner ends this process, unless it was only started to be compiled ahead of time. */
const end = process.env.HANDBOOK_COMPILE === undefined ? waitForEver : exit
/** Whether it runs one block after the other, as long as none leaves anything pending. */
const isForMany = process.argv.includes(MANY)
noteResources()
// Now, while the runner is still reading the page.
const { surround, give } = warmTypeScript()
prepare()

createInterface({ input: new Socket({ fd: 3 }) }).on('line', line => {
  const block: BlockRequest = JSON.parse(line)
  void runTypeScript(block, { surround, tell, restore, end, ...(isForMany ? { again: prepare } : {}) })
})

/** Sets up what a block finds, of which the one before may have replaced anything. */
function prepare(): void {
  tellOutput()
  guardExit()
  give()
}

function waitForEver(): never {
  for (;;) wait(PAUSE, 0, 0)
}

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
