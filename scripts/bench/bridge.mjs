// What the service's promises cost: uploads through the shipped nginx to the API, with keys and a PostgreSQL that syncs, beside uploads
// through the same nginx to a bare @tus/server, which syncs a file at the end of its upload, to one that also hashes it and writes a row,
// and to one that syncs nothing. They take turns, the order changes, and each pair of turns is compared: the median counts. Deliveries are
// paused, for the bare ones deliver nothing.
//
//   npm run bench -- bridge
//   npm run bench -- bridge --rounds 20 --sizes 1,10 --json
import { randomFillSync } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { loadSources } from './load-sources.mjs'
import { parseOptions } from './parse-options.mjs'
import { medianOf, printRows } from './print-rows.mjs'

const values = parseOptions({
  rounds: { type: 'string', default: '12' },
  sizes: { type: 'string', default: '1,10,50' },
  clients: { type: 'string', default: '4' },
  json: { type: 'boolean', default: false },
})
const sizes = values.sizes.split(',').map(Number)
const clients = Number(values.clients)
/** Uploads of a turn, by megabytes: about a second of work. */
const uploadsOf = size => Math.max(2 * clients, Math.min(60, Math.round(200 / size)))
const ours = await loadSources(`
  export { bundleBridge } from './test/bridge/support/bundle-bridge.ts'
  export { startDeployment } from './test/bridge/support/deployment.ts'
  export { startNginx } from './test/bridge/support/nginx.ts'
  export { startPostgres } from './test/bridge/support/postgres.ts'
  export { startService } from './test/bridge/support/service-process.ts'
  export { makeTemporaryFolder } from './test/bridge/support/temporary-folder.ts'
`)
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
const bytes = Buffer.alloc(Math.max(...sizes) * 1_000_000)
randomFillSync(bytes)

const { path: folder, remove } = await ours.makeTemporaryFolder()
const ends = []
try {
  const postgres = await ours.startPostgres(folder, { durable: true })
  ends.push(() => postgres.stop())
  const servers = {
    service: await startBridge(postgres),
    syncing: await startBare('sync'),
    recording: await startBare('record', await postgres.createDatabase()),
    careless: await startBare('none'),
  }
  for (const server of Object.values(servers)) await takeTurn(server, Math.min(...sizes), 2 * clients)
  const rows = []
  const beside = []
  for (const size of sizes) {
    const turns = await measure(servers, size)
    const throughput = medianOf(ratios(turns, 'syncing', ({ seconds }) => seconds))
    const p99 = slowest(turns.service) / slowest(turns.syncing)
    rows.push(
      {
        name: `${size} MB, seconds of a turn beside a bare server`,
        value: round(throughput),
        unit: '× bare',
        goal: 1.11,
      },
      { name: `${size} MB, p99 of an upload beside a bare server`, value: round(p99), unit: '× bare', goal: 1.2 },
    )
    beside.push({
      megabytes: size,
      throughput: mapServers(turns, each => round(size / medianOf(each.map(({ seconds, count }) => seconds / count)))),
      p99: mapServers(turns, each => Math.round(slowest(each))),
      median: mapServers(turns, each => Math.round(medianOf(each.flatMap(({ times }) => times)))),
      besideRecording: round(1 / medianOf(ratios(turns, 'recording', ({ seconds }) => seconds))),
      besideNotSyncing: round(1 / medianOf(ratios(turns, 'careless', ({ seconds }) => seconds))),
      uploads: turns.service.length * uploadsOf(size),
    })
  }
  if (values.json) console.log(JSON.stringify({ beside, rows }))
  else print(beside, rows)
} finally {
  agent.destroy()
  for (const end of ends.reverse()) await end()
  await remove()
}

/** The service as it is shipped, as far as an upload meets it. */
async function startBridge(postgres) {
  const ground = { folder, postgres, bundles: await ours.bundleBridge(folder) }
  const configuration = {
    api: { trustedProxies: '127.0.0.1' },
    auth: { required: true },
    limits: { uploadsPerWindow: 1_000_000, bytesPerWindow: '10TiB' },
  }
  const deployment = await ours.startDeployment(ground, { configuration })
  ends.push(() => deployment.end())
  const { stdout } = await deployment.bridgectl('keys', 'create', 'bench', '--role', 'upload')
  await deployment.bridgectl('deliveries', 'pause')
  const url = await putNginxBefore(deployment.api.url)
  return {
    url,
    headers: { Authorization: `Bearer ${stdout.trim()}` },
    storage: join(deployment.storagePath, 'uploads'),
  }
}

async function startBare(mode, ...database) {
  const storage = join(folder, mode)
  await mkdir(storage)
  const server = await ours.startService([
    process.execPath,
    'scripts/bench/bare-tus-server.mjs',
    storage,
    mode,
    ...database,
  ])
  ends.push(() => server.end('SIGKILL'))
  return { url: await putNginxBefore(server.url), headers: {}, storage }
}

async function putNginxBefore(url) {
  const nginx = await ours.startNginx(folder, [url])
  ends.push(() => nginx.stop())
  return nginx.url
}

/** Turns of each server, `{seconds, count, times}`; those with one index were taken one after another. */
async function measure(servers, size) {
  const names = Object.keys(servers)
  const turns = mapServers(servers, () => [])
  for (let index = 0; index < Number(values.rounds); index++) {
    process.stderr.write(`${size} MB: round ${index + 1} of ${values.rounds}\n`)
    const order = names.map((_, place) => names[(place + index) % names.length])
    for (const name of order) turns[name].push(await takeTurn(servers[name], size, uploadsOf(size)))
  }
  return turns
}

async function takeTurn(server, size, count) {
  const times = []
  let left = count
  const begun = performance.now()
  const client = async () => {
    while (left > 0) {
      left -= 1
      const since = performance.now()
      await upload(server, size * 1_000_000)
      times.push(performance.now() - since)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - begun) / 1000
  await empty(server.storage)
  return { seconds, count, times }
}

/** What a client does: creates an upload, and sends its bytes in one request. */
async function upload({ url, headers }, size) {
  const tus = { ...headers, 'Tus-Resumable': '1.0.0' }
  const metadata = `filename ${Buffer.from('sample.bin').toString('base64')}`
  const created = await send(`${url}/files/`, 'POST', {
    ...tus,
    'Upload-Length': size,
    'Upload-Metadata': metadata,
    'Content-Length': 0,
  })
  expectStatus(created, 201)
  const address = new URL(created.headers.location, `${url}/files/`)
  const patch = {
    ...tus,
    'Upload-Offset': 0,
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': size,
  }
  expectStatus(await send(address, 'PATCH', patch, bytes.subarray(0, size)), 204)
}

function send(address, method, headers, body) {
  return new Promise((done, fail) => {
    const outgoing = request(address, { method, headers, agent }, response => {
      response.on('end', () => done(response)).resume()
    })
    outgoing.on('error', fail).end(body)
  })
}

function expectStatus({ statusCode }, expected) {
  if (statusCode !== expected) throw new Error(`answered ${statusCode}, not ${expected}`)
}

// Nothing of it is needed any more, and volumes are not endless.
async function empty(storage) {
  for (const name of await readdir(storage)) await rm(join(storage, name), { force: true })
}

function ratios(turns, other, of) {
  return turns.service.map((turn, index) => of(turn) / of(turns[other][index]))
}

/** The time that 99 of 100 uploads keep within, in milliseconds. */
function slowest(turns) {
  const times = turns.flatMap(turn => turn.times).toSorted((a, b) => a - b)
  return times[Math.ceil(times.length * 0.99) - 1]
}

function mapServers(servers, of) {
  return Object.fromEntries(Object.entries(servers).map(([name, value]) => [name, of(value)]))
}

function round(number) {
  return Math.round(number * 100) / 100
}

function print(beside, rows) {
  for (const { megabytes, throughput, p99, besideRecording, besideNotSyncing, uploads } of beside) {
    const tell = (what, unit, { service, syncing, recording, careless }) =>
      `  ${what} ${service} ${unit} (bare: ${syncing}, which hashes and records: ${recording}, which does not sync: ${careless})`
    console.log(
      `${megabytes} MB, ${uploads} uploads each: throughput is ${besideRecording} × that of a bare server which hashes and records,`,
    )
    console.log(`  ${besideNotSyncing} × that of one which does not sync`)
    console.log(tell('throughput', 'MB/s', throughput))
    console.log(tell('p99', 'ms', p99))
  }
  printRows(rows, false)
}
