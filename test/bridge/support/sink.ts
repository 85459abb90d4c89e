import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** What arrived in one attempt. */
export interface Arrival {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly headers: IncomingMessage['headers']
}

/** How the sink answers: as it should, after it has read slowly, with an error, with a wrong hash, not at all, or not even reading. */
export type SinkMood = 'fine' | 'slow' | 'failing' | 'lying' | 'silent' | 'frozen'

/** A real HTTP server in the place of downstream. */
export interface Sink {
  readonly url: string
  mood: SinkMood
  /** Attempts that were acknowledged. */
  readonly arrivals: readonly Arrival[]
  /** Attempts that began. */
  readonly attempts: number
  arrivalOf(id: string): Arrival | undefined
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts a sink on a free port; a stopped one starts again on the same. */
export async function startSink(): Promise<Sink> {
  const arrivals: Arrival[] = []
  let server: Server | undefined
  let port = 0
  let attempts = 0
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    attempts += 1
    if (sink.mood === 'frozen') return
    const arrival = await receive(request, sink)
    if (sink.mood === 'silent') return
    if (sink.mood === 'failing') return response.writeHead(503).end('not today')
    if (sink.mood === 'fine' || sink.mood === 'slow') arrivals.push(arrival)
    const sha256 = sink.mood === 'lying' ? arrival.sha256.replace(/./g, '0') : arrival.sha256
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ sha256 }))
  }
  const sink: Sink = {
    mood: 'fine',
    arrivals,
    get url() {
      return `http://127.0.0.1:${port}/deliveries`
    },
    get attempts() {
      return attempts
    },
    arrivalOf: id => arrivals.find(arrival => arrival.id === id),
    async start() {
      server = createServer((request, response) => {
        handle(request, response).catch(() => response.destroy())
      }).listen(port, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      port = typeof address === 'object' && address !== null ? address.port : 0
    },
    async stop() {
      const closed = server === undefined ? undefined : once(server, 'close')
      server?.close()
      server?.closeAllConnections()
      await closed
      server = undefined
    },
  }
  await sink.start()
  return sink
}

async function receive(request: IncomingMessage, sink: Pick<Sink, 'mood'>): Promise<Arrival> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of request) {
    hash.update(chunk)
    size += chunk.length
    if (sink.mood === 'slow') await wait(20)
  }
  const { headers } = request
  const name = decodeURIComponent(String(headers['x-upload-name']))
  return { id: String(headers['x-upload-id']), name, size, sha256: hash.digest('hex'), headers }
}
