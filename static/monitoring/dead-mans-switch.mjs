// A dead man's switch, for Node.js 20 or newer. Alertmanager sends it the alert that always fires. When nothing came for a while, it
// runs a command that wakes somebody, again after each such while, until the alert arrives again. Run it on another machine, with
// another power supply and another way to people than everything that is monitored:
//
//   node dead-mans-switch.mjs --listen 0.0.0.0:9095 --alert Watchdog --silence 600 -- /usr/local/bin/call-on-call
//
// `GET /` answers 200 while the alert arrives, and 503 when it stopped. Its start counts as an arrival, so that an Alertmanager that
// never reaches it is noticed, too.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { parseArgs } from 'node:util'

const { values, positionals: command } = parseArgs({
  allowPositionals: true,
  options: {
    listen: { type: 'string', default: '127.0.0.1:9095' },
    alert: { type: 'string', default: 'Watchdog' },
    /** Seconds. */
    silence: { type: 'string', default: '600' },
  },
})
const { alert } = values
const silence = Number(values.silence)
const at = values.listen.lastIndexOf(':')
const [host, port] = [values.listen.slice(0, at), Number(values.listen.slice(at + 1))]
if (!(silence > 0) || !Number.isInteger(port) || at < 1) {
  console.error('usage: dead-mans-switch.mjs [--listen HOST:PORT] [--alert NAME] [--silence SECONDS] [-- COMMAND…]')
  process.exit(2)
}

let last = Date.now()
let notifications = 0
let silent = false
const isSilent = () => Date.now() - last >= silence * 1000
const log = message => console.log(`${new Date().toISOString()} ${message}`)

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`),
    error => response.writeHead(400).end(`${error instanceof Error ? error.message : error}\n`),
  )
})

async function answer(request) {
  if (request.method === 'POST') {
    // A notification of Alertmanager, version 4: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
    const { alerts = [] } = Object(await json(request))
    if (!alerts.some(({ status, labels }) => status === 'firing' && labels?.alertname === alert))
      return { status: 422, body: { error: `this is no notification that ${alert} fires` } }
    last = Date.now()
    notifications += 1
    if (silent) log(`${alert} arrives again`)
    silent = false
    return { status: 200, body: { heard: alert } }
  }
  const body = { alert, silent: isSilent(), lastHeard: new Date(last).toISOString(), notifications }
  return { status: body.silent ? 503 : 200, body }
}

function wake() {
  log(`${alert} did not arrive for ${Math.round((Date.now() - last) / 1000)} seconds`)
  const [program, ...args] = command
  if (program === undefined) return
  const child = spawn(program, args, { stdio: 'inherit' })
  child.once('error', error => log(`nobody was woken: ${error.message}`))
  child.once('exit', code => code === 0 || log(`nobody was woken: ${program} ended with exit code ${code}`))
}

let woken = 0
setInterval(
  () => {
    if (!isSilent() || (silent && Date.now() - woken < silence * 1000)) return
    silent = true
    woken = Date.now()
    wake()
  },
  Math.min(1000, (silence * 1000) / 4),
)

server.listen(port, host, () => log(`waits for ${alert}, at most ${silence} seconds`))
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
