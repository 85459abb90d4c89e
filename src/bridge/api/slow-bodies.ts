import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

const interval = 5000
const looks = 4

/** Breaks off requests whose bodies arrive more slowly than so many bytes a second, so that nobody keeps places busy with nothing. */
export function watchSlowBodies(app: FastifyInstance, minimumRate: () => number): void {
  const watched = new Map<IncomingMessage, number[]>()
  app.addHook('onRequest', (request, reply, done) => {
    watched.set(request.raw, [])
    reply.raw.once('close', () => watched.delete(request.raw))
    done()
  })
  const timer = setInterval(() => {
    const least = (minimumRate() * interval * looks) / 1000
    for (const [request, seen] of watched) {
      if (request.complete) continue
      // While we do not read, the client cannot send.
      if (request.readableLength > 0) seen.length = 0
      const bytes = request.socket?.bytesRead ?? 0
      seen.push(bytes)
      if (seen.length <= looks) continue
      const before = seen.shift() ?? bytes
      if (bytes - before < least) request.destroy()
    }
  }, interval).unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

const patience = 30_000

/** Discards the rest of a refused request, so that the client reads our answer. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.removeAllListeners('data')
  request.on('error', () => {})
  request.resume()
  const timer = setTimeout(() => request.destroy(), patience).unref()
  request.once('close', () => clearTimeout(timer))
}

/**
 * Lets the answer to a refused request go out at once, and closes the connection when the client has sent the rest as well. A connection
 * that ends with the answer would be reset while its client still sends, and a proxy then tells the client 502 instead of our answer.
 */
export function closeAfterBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || request.destroyed) return
  const { socket } = request
  response.shouldKeepAlive = true
  response.removeHeader('Connection')
  discardBody(request)
  void Promise.all([ended(request, 'end'), ended(response, 'finish')]).then(() => socket.destroySoon())
}

function ended(stream: IncomingMessage | ServerResponse, event: 'end' | 'finish'): Promise<void> {
  return new Promise(resolve => {
    stream.once(event, resolve)
    stream.once('close', resolve)
  })
}
