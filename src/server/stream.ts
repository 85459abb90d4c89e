import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { Refused } from './refusal.ts'

/** Milliseconds between two signs of life, and after which a client that takes nothing is cut. */
const BEAT = 5000
const PATIENCE = 15_000

/** The most streams at the same time, and those of one person: nobody keeps all others from hearing. */
const MOST = 256
const MOST_OF_ONE = 100

/** An event stream (WHATWG HTML, 9.2) to one client. */
export interface EventStream {
  /** Sends a message as JSON. Resolves when the client has room for the next one; false when it is gone. */
  send(message: object, id?: number): Promise<boolean>
  /** Aborts when the client is gone, or the server stops. */
  readonly signal: AbortSignal
  end(): void
}

/** Every stream that is open. */
export interface OpenStreams {
  readonly count: () => number
  /** Answers a person's request with a stream. Throws when there are too many. */
  open(reply: FastifyReply, person: string): EventStream
  /** Ends all of them, and opens none any more. */
  close(): void
}

/** Keeps the streams of a server. A client that does not read is cut, so that nothing piles up for it. */
export function createStreams(): OpenStreams {
  const streams = new Map<EventStream, string>()
  let closed = false
  return {
    count: () => streams.size,
    open(reply, person) {
      if (closed) throw new Refused(503, 'The server stops')
      const own = [...streams.values()].filter(one => one === person).length
      if (streams.size >= MOST || own >= MOST_OF_ONE)
        throw new Refused(429, 'Too many streams are open', undefined, { 'retry-after': '5' })
      reply.hijack()
      const stream = openStream(reply, () => streams.delete(stream))
      streams.set(stream, person)
      return stream
    },
    close() {
      closed = true
      for (const stream of streams.keys()) stream.end()
    },
  }
}

function openStream(reply: FastifyReply, forget: () => void): EventStream {
  const response = reply.raw
  const gone = new AbortController()
  response.writeHead(200, {
    ...stringHeaders(reply),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(': open\n\n')
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': beat\n\n')
  }, BEAT)
  const end = () => {
    clearInterval(beat)
    gone.abort()
    forget()
    response.end()
  }
  response.on('close', end)
  response.on('error', end)
  return {
    signal: gone.signal,
    end,
    async send(message, id) {
      if (gone.signal.aborted) return false
      const head = id === undefined ? '' : `id: ${id}\n`
      // JSON has no line end of its own: nothing in it is taken for another field.
      return response.write(`${head}data: ${JSON.stringify(message)}\n\n`) || awaitDrain(response, gone)
    },
  }
}

async function awaitDrain(response: ServerResponse, gone: AbortController): Promise<boolean> {
  const limit = AbortSignal.timeout(PATIENCE)
  try {
    await once(response, 'drain', { signal: AbortSignal.any([gone.signal, limit]) })
    return true
  } catch {
    response.destroy()
    return false
  }
}

function stringHeaders(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders())
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
}
