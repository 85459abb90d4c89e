import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { kill } from 'node:process'
import { parse, stringify } from 'yaml'
import { LabError } from '../../../lab-port/index.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** How much longer each delivery takes, in milliseconds. */
const DELAY = 1500

const proxies = new Map<string, SlowWay>()

interface SlowWay {
  readonly server: Server
  readonly sockets: Set<Socket>
  readonly address: string
  readonly before: string
}

/** The way to downstream became long. Every delivery succeeds, but the worker's few at a time are no longer enough. */
export const deliveriesSlow: Fault = {
  name: 'deliveries-slow',
  title: 'Deliveries are too slow for what comes in',
  summary: 'The way to downstream takes 1.5 s longer: each delivery succeeds, but fewer are made than uploads come in',
  async start(deployment) {
    const { configPath, notesPath, signal } = deployment
    const configuration = parse(await readFile(configPath, 'utf8'))
    const before: string = configuration.downstream.url
    const way = await openSlowWay(before)
    proxies.set(notesPath, way)
    signal.addEventListener('abort', () => close(way), { once: true })
    await point(deployment, way.address)
  },
  async stop(deployment) {
    const way = proxies.get(deployment.notesPath)
    if (!way) return
    await point(deployment, way.before)
    proxies.delete(deployment.notesPath)
    // Deliveries under way may still end.
    way.server.close()
    setTimeout(() => close(way), 2 * DELAY).unref()
  },
  isActive: ({ configPath, notesPath }) => {
    const way = proxies.get(notesPath)
    return way !== undefined && readFileSync(configPath, 'utf8').includes(way.address)
  },
}

/** Opens a way to a server that passes everything on, after the delay. */
async function openSlowWay(before: string): Promise<SlowWay> {
  const target = new URL(before)
  const sockets = new Set<Socket>()
  const server = createServer({ pauseOnConnect: true }, socket => {
    track(sockets, socket)
    setTimeout(() => {
      const onward = track(sockets, connect(Number(target.port), target.hostname))
      socket.pipe(onward).pipe(socket)
    }, DELAY).unref()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, sockets, before, address: `http://127.0.0.1:${port}${target.pathname}` }
}

function track(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket)
  return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
}

function close({ server, sockets }: SlowWay): void {
  server.close()
  for (const socket of sockets) socket.destroy()
}

/** Makes the worker deliver to another address, by a reload. Everything else in the file stays as it is now. */
async function point({ configPath, pid }: Deployment, url: string): Promise<void> {
  const configuration = parse(await readFile(configPath, 'utf8'))
  configuration.downstream.url = url
  await writeFile(configPath, stringify(configuration))
  const worker = pid('worker')
  if (worker === undefined) throw new LabError('cannot-break', 'the worker does not run')
  kill(worker, 'SIGHUP')
}
