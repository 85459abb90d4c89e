import { createReadStream } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Sends a file to clamd (`INSTREAM`, clamd(8)) at `host:port` or `unix:/path`; resolves with the name of what it found,
 * undefined when it found nothing. Throws when it does not answer, or answers that it could not scan.
 */
export async function askClamd(path: string, address: string, timeout: number): Promise<string | undefined> {
  const socket = open(address, timeout)
  try {
    const answer = readAnswer(socket)
    socket.write('zINSTREAM\0')
    // What goes wrong in sending ends the wait for the answer; an early answer is an answer, too.
    const bytes = createReadStream(path, { highWaterMark: 256 * 1024 })
    pipeline(bytes, lengthPrefixed(), socket, { end: false }).catch(() => {})
    return judge(await answer)
  } finally {
    socket.destroy()
  }
}

/** Whether clamd answers; throws when it does not. */
export async function pingClamd(address: string, timeout: number): Promise<undefined> {
  const socket = open(address, timeout)
  try {
    const answer = readAnswer(socket)
    socket.write('zPING\0')
    const said = await answer
    if (said !== 'PONG') throw new Error(`clamd answers ${said}`)
  } finally {
    socket.destroy()
  }
}

function open(address: string, timeout: number): Socket {
  const [, path] = /^unix:(.+)$/.exec(address) ?? []
  const [host = '', port = ''] = address.split(':')
  const socket = path === undefined ? connect(Number(port), host) : connect(path)
  return socket.setTimeout(timeout, () => socket.destroy(new Error(`clamd made no progress for ${timeout} ms`)))
}

// Each chunk after its length in four bytes; a length of zero ends the file.
function lengthPrefixed(): Transform {
  const lengthOf = (size: number) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(size)
    return length
  }
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.concat([lengthOf(chunk.length), chunk])),
    flush: done => done(null, lengthOf(0)),
  })
}

async function readAnswer(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) {
    chunks.push(chunk)
    if (chunk.includes(0)) break
  }
  return Buffer.concat(chunks).toString('utf8').replace(/\0.*$/s, '').trim()
}

function judge(answer: string): string | undefined {
  if (answer === 'stream: OK') return undefined
  const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? []
  if (found === undefined) throw new Error(`clamd answers "${answer}"`)
  return found
}
