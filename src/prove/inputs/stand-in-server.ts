import { createServer } from 'node:http'
import type { Taking } from './takings.ts'

/** Milliseconds after which a server that does not answer closes the connection. */
const LATE = 100

/** A server that stands in for every other, and gives no answer to judge by. */
export interface StandInServer {
  readonly url: string
  /** How many requests have come. */
  readonly countAsked: () => number
  readonly close: () => Promise<void>
}

/** Starts one that answers so. */
export async function startServer({ http }: Pick<Taking, 'http'>): Promise<StandInServer> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    request.resume()
    if (http === 'never') {
      setTimeout(() => request.socket.destroy(), LATE)
      return
    }
    response.writeHead(http.status, { 'content-type': http.type }).end(http.body)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String(Object(server.address()).port)}`,
    countAsked: () => asked,
    async close() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
