import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { listAlerts, queryPrometheus, waitForAlert } from '../../src/alerts/index.ts'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { listDrills } from '../environment/list-drills.ts'
import { leaveOut, requires } from '../environment/requires.ts'
import { buildBundles } from './bundles.ts'
import { findMissing, startTraffic, type Traffic } from './uploads.ts'

const LIMIT = 240_000
/** A fault and the alert that its page waits for, once each. */
const DRILLS = (await listDrills()).filter(({ fault }, at, all) => all.findIndex(drill => drill.fault === fault) === at)

const NEEDS_VOLUME = ['storage-filling', 'deleted-file-open', 'inodes-exhausted']

/** What fires with an alert because it follows from the fault: uploads that are refused for want of a database fail, too. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  'worker-killed': ['UploadBridgeDownstreamFailing'],
  'database-down': ['UploadBridgeErrorBudgetBurn'],
  'deliveries-paused': ['UploadBridgeDownstreamFailing'],
  'deliveries-slow': ['UploadBridgeDownstreamFailing'],
  // Uploads are refused, and deliveries that succeed cannot be recorded.
  'transaction-left-open': ['UploadBridgeErrorBudgetBurn', 'UploadBridgeDownstreamFailing'],
  'report-locks-table': ['UploadBridgeErrorBudgetBurn', 'UploadBridgeDownstreamFailing'],
  // What waits for the database waits as long as what waits for downstream.
  'index-dropped': ['UploadBridgeDownstreamFailing', 'UploadBridgeBacklogGrowing'],
  'report-holds-snapshot': ['UploadBridgeDownstreamFailing', 'UploadBridgeBacklogGrowing'],
  'rows-left-locked': ['UploadBridgeDownstreamFailing', 'UploadBridgeBacklogGrowing'],
}

describe.runIf(requires('alerts of the lab', ['prometheus', 'prometheus-alertmanager']))('under upload traffic', () => {
  let bundles: Awaited<ReturnType<typeof buildBundles>>
  let directory: string
  let lab: RunningLab
  let traffic: Traffic

  beforeAll(async () => {
    bundles = await buildBundles()
    directory = await mkdtemp(join(tmpdir(), 'lab-alerts-'))
    lab = await startLab({ directory, bundles: bundles.folder, rules: 'static/monitoring', log: () => undefined })
    // One client that waits for a lock is refused too seldom for an alert.
    traffic = startTraffic(lab.status().url, 3)
  })

  // A fault that fails its test does not spoil the next.
  afterEach(() => lab.heal())

  afterAll(async () => {
    await traffic?.stop()
    await lab?.down()
    await rm(directory, { recursive: true, force: true })
    await bundles.remove()
  })

  test('Prometheus sees both processes, and every recording rule gives a number', { timeout: LIMIT }, async () => {
    const { prometheusUrl = '' } = lab.status()
    const up = await queryPrometheus(prometheusUrl, 'up')
    expect(up.map(({ labels }) => labels.job).sort()).toEqual(['upload-bridge-api', 'upload-bridge-worker'])
    const recorded = () => queryPrometheus(prometheusUrl, 'count by (__name__) ({__name__=~".+:upload_bridge_.+"})')
    await expect.poll(async () => (await recorded()).length, { timeout: 60_000 }).toBe(9)
    expect(await listAlerts(lab.status().alertmanagerUrl ?? '')).toEqual([])
  })

  test.for(DRILLS)('$fault fires $alert; healed, all resolves', { timeout: LIMIT }, async drill => {
    const { fault, alert: alertname } = drill
    const follows = FOLLOWS[fault] ?? []
    const { alertmanagerUrl = '', storage } = lab.status()
    if (NEEDS_VOLUME.includes(fault) && storage.kind === 'folder')
      return leaveOut(`the alert of ${fault}`, 'a file system that may be mounted')
    await lab.break(fault)
    const fired = await waitForAlert(alertmanagerUrl, { alertname }, { state: 'firing', timeout: 120_000 })
    expect(fired).toMatchObject({ reached: true })
    const names = (await listAlerts(alertmanagerUrl)).map(({ labels }) => labels.alertname)
    expect([...new Set(names)].filter(name => name === undefined || !follows.includes(name))).toEqual([alertname])
    await lab.heal(fault)
    const cleared = await waitForAlert(alertmanagerUrl, { alertname }, { state: 'resolved', timeout: 90_000 })
    expect(cleared).toMatchObject({ reached: true })
    await expect.poll(() => listAlerts(alertmanagerUrl), { timeout: 90_000 }).toEqual([])
    // Nor is any about to fire: the slow windows of the error budget remember this fault during the next one.
    const pending = () =>
      queryPrometheus(lab.status().prometheusUrl ?? '', 'ALERTS{alertname="UploadBridgeErrorBudgetBurn"}')
    await expect.poll(pending, { timeout: 90_000 }).toEqual([])
    console.log(
      `${fault}: fired ${fired.seconds.toFixed(1)} s after the break, cleared ${cleared.seconds.toFixed(1)} s after the heal`,
    )
  })

  test('nothing that was acknowledged in all this is lost', { timeout: LIMIT }, async () => {
    await traffic.stop()
    expect(traffic.acknowledged.size).toBeGreaterThan(50)
    const missing = () => findMissing(lab.status().downstreamUrl, traffic.acknowledged)
    await expect.poll(missing, { timeout: 60_000 }).toEqual([])
  })
})
