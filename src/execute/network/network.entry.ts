// The first program of a network that has nothing but loopback: listens there for the addresses of a plan, hands each connection over by a Unix
// socket, and starts a command without its own capabilities. Ends with that.
//   node network.cjs SOCKET COMMAND…
import { execFileSync, spawn } from 'node:child_process'
import { fstatSync } from 'node:fs'
import { createServer, isIPv6, connect as openSocket, type Socket } from 'node:net'
import { constants } from 'node:os'
import { isLoopback } from './stand-ins.ts'
import { ASK_PLAN, type Plan, REACHED } from './way-protocol.ts'

const [path = '', ...command] = process.argv.slice(2)

prepare().then(start, error => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})

async function prepare(): Promise<void> {
  const plan = await readPlan()
  for (const ip of new Set(plan.map(({ ip }) => ip))) if (!isLoopback(ip)) addAddress(ip)
  await Promise.all(plan.map((one, at) => (one.listens ? listen(at, one.ip, one.port) : undefined)))
}

async function readPlan(): Promise<Plan> {
  const socket = openSocket(path)
  socket.write(`${ASK_PLAN}\n`)
  let text = ''
  for await (const piece of socket.setEncoding('utf8')) text += piece
  return JSON.parse(text)
}

/** A host that is named by its IP address is met at that. */
function addAddress(ip: string): void {
  try {
    const PATH = `${process.env.PATH}:/usr/sbin:/sbin`
    const words = ['addr', 'add', `${ip}/${isIPv6(ip) ? 128 : 32}`, 'dev', 'lo']
    execFileSync('ip', words, { env: { PATH }, stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const why = String(Object(error).stderr || Object(error).message).trim()
    throw new Error(`${ip} has no place in a network of its own: ${why}`)
  }
}

function listen(at: number, ip: string, port: number): Promise<void> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, asked => handOver(asked, at))
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, ip, resolve))
}

function handOver(asked: Socket, at: number): void {
  const way = openSocket({ path, allowHalfOpen: true })
  let reached = false
  way.write(`${at}\n`)
  asked.pipe(way)
  way.once('data', (bytes: Buffer) => {
    reached = bytes.toString('latin1', 0, 1) === REACHED
    way.pause()
    way.unshift(bytes.subarray(1))
    way.pipe(asked)
  })
  // What could not be reached is no answer that ended early.
  way.on('error', () => asked.resetAndDestroy()).on('end', () => reached || asked.resetAndDestroy())
  asked.on('error', () => way.destroy()).on('close', () => way.destroy())
}

function start(): void {
  const words = ['--ambient-caps=-all', '--inh-caps=-all', ...command]
  // The fourth one is where a supervisor's program reads requests.
  const child = spawn('setpriv', words, { stdio: ['inherit', 'inherit', 'inherit', isSocket(3) ? 3 : 'ignore'] })
  child.once('error', error => {
    console.error(error.message)
    process.exit(127)
  })
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
}

function isSocket(file: number): boolean {
  try {
    return fstatSync(file).isSocket()
  } catch {
    return false
  }
}
