import { once } from 'node:events'
import { createServer } from 'node:net'

/** A server that speaks clamd’s protocol as clamd does. */
export interface Clamd {
  readonly address: string
  /** The bytes of every file that was scanned. */
  readonly scanned: readonly Buffer[]
  stop(): Promise<void>
}

/** Starts one that recognises what contains a word. */
export async function startClamd(word: string): Promise<Clamd> {
  const scanned: Buffer[] = []
  const server = createServer(socket => {
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      if (received.toString('latin1') === 'zPING\0') socket.end('PONG\0')
      const file = readStream(received)
      if (file !== undefined) {
        scanned.push(file)
        socket.end(file.includes(word) ? 'stream: Test.Word FOUND\0' : 'stream: OK\0')
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    scanned,
    async stop() {
      server.close()
      await once(server, 'close')
    },
  }
}

// `zINSTREAM`, then chunks after their lengths, until one of length zero; undefined while more is to come.
function readStream(received: Buffer): Buffer | undefined {
  const command = 'zINSTREAM\0'
  if (received.subarray(0, command.length).toString('latin1') !== command) return undefined
  const chunks: Buffer[] = []
  for (let at = command.length; at + 4 <= received.length; ) {
    const length = received.readUInt32BE(at)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(received.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return undefined
}
