import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and can make it seem that the server hangs. */
export interface MuteProxy {
  readonly port: number
  /** From now on takes everything and answers nothing, on old connections and new ones. */
  mute(): void
  /** Ends what hung; new connections work. */
  unmute(): void
  stop(): Promise<void>
}

/** Starts one in front of a port of this machine. */
export async function startMuteProxy(target: number): Promise<MuteProxy> {
  const sockets = new Set<Socket>()
  let muted = false
  const server = createServer(client => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', chunk => muted || to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    mute: () => {
      muted = true
    },
    unmute: () => {
      muted = false
      cut()
    },
    async stop() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
