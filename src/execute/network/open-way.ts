import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, connect as openSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Address, nameAddress } from './addresses.ts'
import { assignStandIns, writeHosts } from './stand-ins.ts'
import { ASK_PLAN, type Plan, REACHED } from './way-protocol.ts'

/** The way out of a network that has nothing but loopback, to a few addresses. */
export interface Way {
  /** Words before a command. They give it a network of its own, where it meets each of these addresses. */
  readonly words: readonly string[]
  /** The file that stands there for /etc/hosts. What leads out is in its folder. */
  readonly hosts: string
  /** The addresses, as people write them. */
  readonly reaches: readonly string[]
  close(): Promise<void>
}

/** Milliseconds in which it is seen whether an address refuses connections. */
const PATIENCE = 1000

/**
 * Opens a way to these addresses. What it needs is in `folder`, and `bundles` has its program. Each connection is handed over as bytes by a Unix
 * socket, and made from here. Throws when there can be no socket.
 */
export async function openWay(folder: string, bundles: string, addresses: readonly Address[]): Promise<Way> {
  const standIns = assignStandIns(addresses)
  const hosts = join(folder, 'hosts')
  writeFileSync(hosts, `${writeHosts(readFileSync('/etc/hosts', 'utf8'), standIns)}\n`)
  const path = join(folder, 'way')
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, asked => {
    keep(asked, open)
    asked.once('data', (bytes: Buffer) => {
      asked.pause()
      const end = bytes.indexOf(0x0a)
      const word = bytes.toString('latin1', 0, end)
      const address = standIns[Number(word)]?.address
      if (word === ASK_PLAN) void makePlan().then(plan => asked.end(JSON.stringify(plan)))
      else if (address === undefined || end < 1) asked.destroy()
      else {
        asked.unshift(bytes.subarray(end + 1))
        carry(asked, address)
      }
    })
  })
  const makePlan = async (): Promise<Plan> => {
    const refusing = await Promise.all(standIns.map(({ address }) => refuses(address)))
    // Two names of one place, such as localhost and 127.0.0.1, have one listener there.
    const places = standIns.map(({ address: { port }, ip }) => `${ip} ${port}`)
    const first = places.map((place, at) => places.findIndex((one, other) => one === place && !refusing[other]) === at)
    return standIns.map(({ address: { port }, ip }, at) => ({ ip, port, listens: first[at] === true }))
  }
  const carry = (asked: Socket, { host, port }: Address) => {
    const reached = keep(openSocket({ host, port, allowHalfOpen: true }), open)
    reached.once('connect', () => {
      asked.write(REACHED)
      asked.pipe(reached).pipe(asked)
    })
    // What is not sent yet still is: whoever asked may take it slowly.
    reached.once('close', () => (reached.readableEnded ? asked.destroySoon() : asked.destroy()))
    asked.once('close', () => reached.destroy())
  }
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    words: [
      ...['bwrap', '--dev-bind', '/', '/', '--unshare-net', '--die-with-parent'],
      // For its own program alone, in that network alone: to listen at low ports, and to add addresses to loopback.
      ...['--cap-add', 'CAP_NET_BIND_SERVICE', '--cap-add', 'CAP_NET_ADMIN', '--'],
      ...[process.execPath, join(bundles, 'network.cjs'), path],
    ],
    hosts,
    reaches: addresses.map(nameAddress),
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function refuses({ host, port }: Address): Promise<boolean> {
  return new Promise(resolve => {
    const socket = openSocket({ host, port, timeout: PATIENCE })
    const settle = (isRefused: boolean) => {
      socket.destroy()
      resolve(isRefused)
    }
    socket.once('connect', () => settle(false)).once('timeout', () => settle(false))
    socket.once('error', error => settle('code' in error && error.code === 'ECONNREFUSED'))
  })
}

function keep(socket: Socket, open: Set<Socket>): Socket {
  open.add(socket)
  socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket))
  return socket
}
