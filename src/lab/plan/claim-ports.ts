import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Ports that are a lab's own until they are released, also while none of its parts listens on them. */
export interface ClaimedPorts {
  readonly ports: readonly number[]
  release(): void
}

/** Below the ports for outgoing connections, so that no connection takes a port while its server restarts. */
const LOWEST = 10_240
const HIGHEST = 32_000
/** How far the blocks are apart; the first port of a block is listened on for as long as a lab has it. */
const BLOCK = 16

/** Claims so many ports of 127.0.0.1, at most 15, that nobody listens on. Another lab takes none of them, whenever it starts. */
export async function claimPorts(count: number): Promise<ClaimedPorts> {
  for (;;) {
    const first = LOWEST + BLOCK * randomInt((HIGHEST - LOWEST) / BLOCK)
    const holder = await tryListen(first)
    if (holder === undefined) continue
    holder.unref()
    const ports = Array.from({ length: count }, (_, at) => first + 1 + at)
    if (await areFree(ports)) return { ports, release: () => holder.close() }
    holder.close()
  }
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  const servers = await Promise.all(ports.map(tryListen))
  await Promise.all(servers.map(server => server && new Promise(resolve => server.close(resolve))))
  return servers.every(server => server !== undefined)
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  )
}
