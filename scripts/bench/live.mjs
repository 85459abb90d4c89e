// The live handbook under load, with a real server: how soon a line that a block prints reaches a page in Chromium while 50 runs go on, and
// each of 50 watchers of one run; and what its heap has kept, after a collection, of a day of alerts that is handed over five times.
//
//   npm run bench -- live
//   npm run bench -- live --json
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { listDay, recordPayloads } from './day-of-alerts.mjs'
import { PERSON, startLiveServer, TOKEN } from './live-server.mjs'
import { parseOptions } from './parse-options.mjs'
import { printRows } from './print-rows.mjs'

const values = parseOptions({
  runs: { type: 'string', default: '50' },
  watchers: { type: 'string', default: '50' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
/** A browser has six connections to a server (HTTP/1.1): it follows so many runs, and one is left. */
const FOLLOWED = 5
const DAYS = 5

const server = await startLiveServer(values.bundles)
try {
  const heap = await measureHeap()
  const manyRuns = await measureManyRuns(Number(values.runs))
  const manyWatchers = await measureManyWatchers(Number(values.watchers))
  printRows(
    [
      {
        name: `a line reaches a page in Chromium, ${values.runs} runs go on, p95`,
        value: manyRuns,
        unit: 'ms',
        goal: 50,
      },
      { name: `a line reaches ${values.watchers} watchers of a run, p95`, value: manyWatchers, unit: 'ms', goal: 50 },
      { name: `heap that ${DAYS} days of alerts leave, from the second on`, value: heap, unit: 'MB', goal: 10 },
    ],
    values.json,
  )
} finally {
  await server.stop()
}

/** The 95th percentile of the milliseconds from the printing of a line until the page's script has it. The front page is open as well. */
async function measureManyRuns(count) {
  const runs = []
  while (runs.length < count)
    runs.push(...(await Promise.all(['ana', 'ben', 'carla', 'dirk', 'eve'].map(person => server.begin(person)))))
  const front = await follow('/api/now/events', () => {})
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })
  try {
    const page = await browser.newPage({ extraHTTPHeaders: PERSON })
    await page.addInitScript({ content: await bundleFollower() })
    await page.goto(server.url, { timeout: 120_000 })
    await page.evaluate(runs => globalThis.followRuns(runs), runs.slice(0, FOLLOWED))
    server.write('first', '')
    await untilEnded(runs)
    return percentile(await page.evaluate(() => globalThis.lags))
  } finally {
    await browser.close()
    front.stop()
  }
}

/** The page's own code for a stream; what it hears is compared with the clock at once. */
async function bundleFollower() {
  const contents = `
    import { followStream } from './src/theme/Live/connection/follow-stream.ts'
    globalThis.lags = []
    globalThis.followRuns = runs => {
      for (const run of runs)
        void followStream('/api/runs/' + run + '/events', new AbortController().signal, {
          hear({ event }) {
            const at = /^at ([0-9.]+)/.exec(event?.type === 'step.output' ? event.text : '')?.[1]
            if (at) globalThis.lags.push(Date.now() - Number(at) * 1000)
          },
          alive() {},
          link() {},
        })
    }`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0].text
}

async function measureManyWatchers(count) {
  const lags = []
  const run = await server.begin('ben', { mark: 'second', every: '0.2', linesWanted: '150' })
  const take = text => {
    for (const [, at] of text.matchAll(/"text":"at ([0-9.]+)/g)) lags.push(Date.now() - Number(at) * 1000)
  }
  const streams = await Promise.all(Array.from({ length: count }, () => follow(`/api/runs/${run}/events`, take)))
  server.write('second', '')
  await untilEnded([run])
  for (const { stop } of streams) stop()
  if (lags.length < count * 100) throw new Error(`only ${lags.length} lines were heard`)
  return percentile(lags)
}

/** A stream, as it comes. */
function follow(path, take) {
  return new Promise((done, fail) => {
    const asked = request(`${server.url}${path}`, { headers: PERSON, agent: false }, response => {
      response
        .setEncoding('utf8')
        .on('data', take)
        .on('error', () => {})
      done({ stop: () => asked.destroy() })
    })
    asked.on('error', fail)
    asked.end()
  })
}

/** Waits until runs are over. */
async function untilEnded(runs) {
  for (const run of runs) while (await server.isRunning(run)) await sleep(1000)
}

function percentile(lags) {
  if (lags.length === 0) throw new Error('no line was heard')
  return Math.round(lags.toSorted((a, b) => a - b)[Math.ceil(lags.length * 0.95) - 1])
}

/** The most that is in use after a day of alerts, from the second day on, above what was before the first; in MB. */
async function measureHeap() {
  const front = await follow('/api/now/events', () => {})
  const before = await server.measureHeap()
  const payloads = await recordPayloads()
  const after = []
  for (let day = 0; day < DAYS; day++) {
    for (const payload of listDay(payloads, day)) {
      const { status, text } = await server.ask('/api/alerts', payload, { authorization: `Bearer ${TOKEN}` })
      if (status !== 202) throw new Error(`alerts were refused: ${text}`)
    }
    after.push(await server.measureHeap())
  }
  front.stop()
  return Math.round((Math.max(...after.slice(1)) - before) / 1e5) / 10
}
