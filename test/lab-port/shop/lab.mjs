// The lab of a handbook about another service: a till, which real alerts watch. Also a command: `node lab.mjs up|down|status|break|heal`.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answers, startTill } from './till.mjs'

const TILL = fileURLToPath(new URL('till.mjs', import.meta.url))

/** What `handbook.yaml` names. */
export const lab = {
  profile: { name: 'corner shop', facts: { url: 'string' }, services: ['till'] },
  faults: [{ name: 'till-gone', title: 'The till was killed' }],
  async up({ directory, prometheus, log, signal }) {
    mkdirSync(directory, { recursive: true })
    const [till, watcher, pager] = await findPorts(3)
    const watched = prometheus === false ? {} : { watcher, pager }
    writeFileSync(join(directory, 'shop.json'), JSON.stringify({ till, ...watched }))
    await startTill(directory, till)
    if (prometheus !== false) await startMonitoring(directory, { till, watcher, pager })
    signal?.throwIfAborted()
    log('the shop is open')
  },
  async down(directory) {
    if (!existsSync(join(directory, 'shop.json'))) return 'nothing'
    for (const name of ['till', 'watcher', 'pager']) await kill(directory, name)
    rmSync(directory, { recursive: true, force: true })
    return 'ended'
  },
  async status(directory) {
    const ports = readPorts(directory)
    if (!ports) return undefined
    const url = localUrl(ports.till)
    return {
      faults: pidOf(directory, 'till') ? [] : ['till-gone'],
      target: { url },
      services: { till: { start: `'${process.execPath}' '${TILL}' start '${directory}' ${ports.till}` } },
      ...(ports.pager ? { prometheusUrl: localUrl(ports.watcher), alertmanagerUrl: localUrl(ports.pager) } : {}),
      places: { till: url },
    }
  },
  async break(directory) {
    await kill(directory, 'till')
  },
  async heal(directory) {
    if (!pidOf(directory, 'till')) await startTill(directory, readPorts(directory).till)
  },
  workload: {
    name: 'orders',
    enough: 20,
    start({ target: { url } }) {
      const acknowledged = []
      let failed = 0
      let longest = 0
      let last = Date.now()
      let stopped = false
      const done = (async () => {
        for (let id = 1; !stopped; id += 1) {
          const answer = await fetch(`${url}/order-${id}`, { method: 'POST' }).catch(() => undefined)
          if (answer?.status === 201) acknowledged.push(`order-${id}`)
          else failed += 1
          if (answer?.status === 201) {
            longest = Math.max(longest, Date.now() - last)
            last = Date.now()
          }
          await sleep(20)
        }
      })()
      return {
        acknowledged: () => acknowledged.length,
        felt: () => ({
          failedShare: failed / Math.max(1, failed + acknowledged.length),
          longestGapSeconds: longest / 1000,
        }),
        async stop() {
          stopped = true
          await done
        },
        async verify() {
          const kept = new Set((await (await fetch(url)).text()).split('\n'))
          return { lost: acknowledged.filter(id => !kept.has(id)).length, counts: { kept: kept.size - 1 } }
        },
      }
    },
  },
}

async function startMonitoring(directory, { till, watcher, pager }) {
  const scale = 60
  const rules = join(directory, 'rules.yaml')
  const text = readFileSync(new URL('rules/till.rules.yaml', import.meta.url), 'utf8')
  writeFileSync(
    rules,
    text.replace(/for: (\d+)m/, (_, minutes) => `for: ${(minutes * 60) / scale}s`),
  )
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${pager}`] }] }] },
    scrape_configs: [{ job_name: 'till', static_configs: [{ targets: [`127.0.0.1:${till}`] }] }],
  }
  const route = { receiver: 'nobody', group_by: ['...'], group_wait: '0s', group_interval: '1s' }
  writeFileSync(join(directory, 'watcher.yml'), JSON.stringify(config))
  writeFileSync(join(directory, 'pager.yml'), JSON.stringify({ route, receivers: [{ name: 'nobody' }] }))
  start(directory, 'watcher', 'prometheus', [
    `--config.file=${join(directory, 'watcher.yml')}`,
    `--storage.tsdb.path=${join(directory, 'watched')}`,
    `--web.listen-address=127.0.0.1:${watcher}`,
    '--rules.alert.resend-delay=1s',
  ])
  start(directory, 'pager', 'prometheus-alertmanager', [
    `--config.file=${join(directory, 'pager.yml')}`,
    `--storage.path=${join(directory, 'paged')}`,
    `--web.listen-address=127.0.0.1:${pager}`,
    '--cluster.listen-address=',
  ])
  while (!(await answers(`${localUrl(pager)}/-/ready`))) await sleep(100)
  const query = `${localUrl(watcher)}/api/v1/query?query=up`
  for (;;) {
    const seen = await fetch(query)
      .then(answer => answer.json())
      .catch(() => undefined)
    if (seen?.data?.result?.[0]?.value?.[1] === '1') return
    await sleep(100)
  }
}

function start(directory, name, program, args) {
  const child = spawn(program, args, { detached: true, stdio: 'ignore' })
  child.unref()
  writeFileSync(join(directory, `${name}.pid`), String(child.pid))
}

async function kill(directory, name) {
  const pid = pidOf(directory, name)
  if (!pid) return
  process.kill(pid, 'SIGKILL')
  while (pidOf(directory, name)) await sleep(20)
}

/** The process of a part, while it runs. */
function pidOf(directory, name) {
  try {
    const pid = Number(readFileSync(join(directory, `${name}.pid`), 'utf8'))
    const [, state] = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return state === 'Z' ? undefined : pid
  } catch {
    return undefined
  }
}

function readPorts(directory) {
  const file = join(directory, 'shop.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function localUrl(port) {
  return `http://127.0.0.1:${port}`
}

async function findPorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => new Promise(resolve => server.once('listening', resolve))))
  const ports = servers.map(server => server.address().port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [verb, fault] = process.argv.slice(2)
  const directory = process.env.LAB_DIRECTORY
  const options = { directory, log: line => console.error(line), prometheus: process.env.LAB_ALERTS !== 'false' }
  const answer = await (verb === 'up' ? lab.up(options) : lab[verb](directory, fault))
  console.log(JSON.stringify(answer ?? (verb === 'status' ? { state: 'down' } : {})))
}
