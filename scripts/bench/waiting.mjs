// How long somebody waits: for a delivery, for readiness while the database hangs, for a delivery whose worker was killed, and for the end
// of a step that was cancelled. Each against real programs; medians of some rounds.
//
//   npm run bench -- waiting
//   npm run bench -- waiting --rounds 9 --json
import { loadSources } from './load-sources.mjs'
import { parseOptions } from './parse-options.mjs'
import { medianOf, printRows } from './print-rows.mjs'

const values = parseOptions({
  rounds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
})
const rounds = Array.from({ length: Number(values.rounds) })
const ours = await loadSources(`
  export { bundleBridge } from './test/bridge/support/bundle-bridge.ts'
  export { sample, sendByTus, untilState } from './test/bridge/support/clients.ts'
  export { startDeployment } from './test/bridge/support/deployment.ts'
  export { startMuteProxy } from './test/bridge/support/mute-proxy.ts'
  export { startPostgres } from './test/bridge/support/postgres.ts'
  export { makeTemporaryFolder } from './test/bridge/support/temporary-folder.ts'
  export { until } from './test/bridge/support/until.ts'
  export { bundleWorker } from './test/execute/bundles.ts'
  export { createRuns } from './test/runner/run-page.ts'
`)
const { until, sample, sendByTus, untilState } = ours
const unit = 'ms'

const { path: folder, remove } = await ours.makeTemporaryFolder()
const postgres = await ours.startPostgres(folder)
try {
  const ground = { folder, postgres, bundles: await ours.bundleBridge(folder) }
  printRows(
    [
      { name: 'an upload is delivered', value: await measureDeliveries(ground), unit, goal: 1000 },
      {
        name: 'readiness answers while the database hangs, at most',
        value: await measureReadiness(ground),
        unit,
        goal: 1000,
      },
      {
        name: 'an upload is delivered after its worker was killed',
        value: await measureTakeOver(ground),
        unit,
        goal: 15_000,
      },
      { name: 'a cancelled step has ended', value: await measureCancelling(), unit, goal: 2000 },
    ],
    values.json,
  )
} finally {
  await postgres.stop()
  await remove()
}

async function measureDeliveries(ground) {
  const deployment = await ours.startDeployment(ground)
  const times = []
  await until(
    'the worker is ready',
    async () => (await fetch(new URL('/readyz', deployment.worker.url))).status === 200,
  )
  for (const _ of rounds) {
    const id = await sendByTus(deployment.api.url, sample(10_000).bytes)
    times.push(await time(() => until('it arrived', () => deployment.sink.arrivalOf(id))))
  }
  await deployment.end()
  return medianOf(times)
}

async function measureReadiness(ground) {
  const url = new URL(await ground.postgres.createDatabase())
  const proxy = await ours.startMuteProxy(Number(url.port))
  url.port = String(proxy.port)
  const deployment = await ours.startDeployment(ground, { configuration: { database: { url: url.href } } })
  const ask = async () => (await fetch(new URL('/readyz', deployment.api.url))).status
  await until('it is ready', async () => (await ask()) === 200)
  proxy.mute()
  const times = []
  await until('readiness fails', async () => {
    let status = 0
    times.push(
      await time(async () => {
        status = await ask()
      }),
    )
    return status === 503
  })
  proxy.unmute()
  await deployment.end()
  await proxy.stop()
  return Math.max(...times)
}

async function measureTakeOver(ground) {
  const deployment = await ours.startDeployment(ground, { configuration: { downstream: { timeout: '1m' } } })
  deployment.sink.mood = 'silent'
  const id = await sendByTus(deployment.api.url, sample(1_000_000).bytes)
  await until('downstream has it', () => deployment.sink.attempts === 1)
  await deployment.worker.end('SIGKILL')
  deployment.sink.mood = 'fine'
  const taken = await time(async () => {
    await deployment.startWorker()
    await untilState(deployment.api.url, id, 'delivered')
  })
  await deployment.end()
  return taken
}

/** From the cancelling of a step whose child ignores SIGTERM until its run is over. */
async function measureCancelling() {
  const bundles = await ours.bundleWorker()
  const runs = ours.createRuns(bundles.folder)
  const page = "## Checks\n\n### Wait\n\n```bash\n( trap '' TERM HUP; setsid sleep 98765 & )\necho on; sleep 60\n```\n"
  const times = []
  for (const _ of rounds) {
    const canceller = new AbortController()
    let since = 0
    await runs.run(page, {
      signal: canceller.signal,
      listen(event) {
        if (event.type !== 'step.output' || since > 0) return
        since = performance.now()
        canceller.abort()
      },
    })
    times.push(Math.round(performance.now() - since))
  }
  runs.remove()
  await bundles.remove()
  return medianOf(times)
}

async function time(work) {
  const begun = performance.now()
  await work()
  return Math.round(performance.now() - begun)
}
