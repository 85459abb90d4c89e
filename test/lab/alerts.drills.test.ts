import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { queryPrometheus } from '../../src/alerts/index.ts'
import { findSignal } from '../../src/drill/watch-signal.ts'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { listDrills } from '../environment/list-drills.ts'
import { leaveOut, requires } from '../environment/requires.ts'
import { buildBundles } from './bundles.ts'
import { listRealAlerts } from './real-alerts.ts'
import { findMissing, startTraffic, type Traffic } from './uploads.ts'

const LIMIT = 240_000
/** A fault and the alert that its page waits for, once each. */
const DRILLS = (await listDrills()).filter(({ fault }, at, all) => all.findIndex(drill => drill.fault === fault) === at)

const NEEDS_VOLUME = [
  'storage-filling',
  'deleted-file-open',
  'deleted-upload-open',
  'inodes-exhausted',
  'inodes-taken-by-partials',
  'growth',
]

/** What fires with an alert because it follows from the fault: uploads that are refused for want of a database fail, too. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  'worker-killed': ['UploadBridgeDownstreamFailing'],
  'worker-frozen': ['UploadBridgeDownstreamFailing'],
  'database-down': ['UploadBridgeErrorBudgetBurn'],
  'deleted-upload-open': ['UploadBridgeErrorBudgetBurn', 'UploadBridgeUploadsUnavailable'],
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
    await expect.poll(async () => (await recorded()).length, { timeout: 60_000 }).toBe(10)
    expect(await listRealAlerts(lab.status().alertmanagerUrl)).toEqual([])
  })

  test.for(DRILLS)('$fault fires $alert; healed, all resolves', { timeout: LIMIT }, async drill => {
    const { fault, alert: alertname } = drill
    const follows = FOLLOWS[fault] ?? []
    const { alertmanagerUrl, storage } = lab.status()
    const signal = findSignal(alertname, lab.status())
    if (!signal) throw new Error(`nothing tells of ${alertname} in this lab`)
    const { signal: stop } = new AbortController()
    const hasAlertmanager = signal.kind === 'alertmanager'
    if (NEEDS_VOLUME.includes(fault) && storage.kind === 'folder')
      return leaveOut(`the alert of ${fault}`, 'a file system that may be mounted')
    try {
      await lab.break(fault)
    } catch (error) {
      // This lab cannot have it: it has no nginx, say, or no account of the service's own.
      expect(error).toMatchObject({ code: 'cannot-break' })
      return leaveOut(`the alert of ${fault}`, String(error))
    }
    const broken = performance.now()
    expect(await signal.wait('firing', 120_000, stop)).toMatchObject({ reached: true })
    const fired = performance.now()
    expect(lab.status().faults).toEqual([fault])
    if (hasAlertmanager) {
      const names = (await listRealAlerts(alertmanagerUrl)).map(({ labels }) => labels.alertname)
      expect([...new Set(names)].filter(name => name === undefined || !follows.includes(name))).toEqual([alertname])
    }
    await lab.heal(fault)
    expect(lab.status().faults).toEqual([])
    const healed = performance.now()
    expect(await signal.wait('resolved', 90_000, stop)).toMatchObject({ reached: true })
    const cleared = performance.now()
    await expect.poll(() => listRealAlerts(alertmanagerUrl), { timeout: 90_000 }).toEqual([])
    // Nor is any about to fire: the slow windows of the error budget remember this fault during the next one.
    const pending = () =>
      queryPrometheus(lab.status().prometheusUrl ?? '', 'ALERTS{alertname="UploadBridgeErrorBudgetBurn"}')
    await expect.poll(pending, { timeout: 90_000 }).toEqual([])
    console.log(
      `${fault}: fired ${seconds(fired - broken)} s after the break, cleared ${seconds(cleared - healed)} s after the heal`,
    )
  })

  test('nothing that was acknowledged in all this is lost', { timeout: LIMIT }, async () => {
    await traffic.stop()
    expect(traffic.acknowledged.size).toBeGreaterThan(50)
    const missing = () => findMissing(lab.status().downstreamUrl, traffic.acknowledged)
    await expect.poll(missing, { timeout: 60_000 }).toEqual([])
  })
})

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1)
}
