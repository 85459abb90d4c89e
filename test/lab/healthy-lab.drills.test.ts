import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { queryPrometheus, readRules, scaleRules } from '../../src/alerts/index.ts'
import { parseDuration } from '../../src/base/index.ts'
import { listFired } from '../../src/drill/list-fired.ts'
import { connectLab } from '../../src/lab/index.ts'
import { findLacking } from '../../src/lab/shipped/requirements.ts'
import { startApart } from '../../src/lab/shipped/start-apart.ts'
import { AS_SHIPPED } from '../../src/lab/status.ts'
import { uploadWorkload } from '../../src/lab/workload/upload-workload.ts'
import { readLabStatus } from '../../src/lab-port/index.ts'
import { leaveOut } from '../environment/requires.ts'

/** As in drills. */
const TIME_SCALE = 60
const DAY = 24 * 3600_000

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('a healthy lab for as long as its rules look back', lacking.join('; '))

/** The longest window of the rules and the longest wait behind it, in the lab's milliseconds. Windows of days are left to promtool. */
async function longestLook(): Promise<number> {
  const file = 'static/monitoring/upload-bridge.rules.yaml'
  const text = await readFile(file, 'utf8')
  const read = (text: string) => readRules(text, file).rules
  const longest = (durations: readonly string[]) => Math.max(0, ...durations.map(text => parseDuration(text) ?? 0))
  const shipped = read(text)
  const scaled = read(scaleRules(text, TIME_SCALE))
  const windowOf = (expr: string) => longest([...expr.matchAll(/\[(\w+)/g)].flatMap(([, found = '']) => found))
  const ofHours = scaled.filter((_, at) => windowOf(shipped[at]?.expr ?? '') < DAY)
  const waits = ofHours.flatMap(rule => (rule.kind === 'alert' && rule.for !== undefined ? [rule.for] : []))
  return Math.max(...ofHours.map(({ expr }) => windowOf(expr))) + longest(waits)
}

/** One series for each recording rule that has any, with its name as a label. */
const RECORDED = 'count by (of) (label_replace({__name__=~".+:upload_bridge_.+"}, "of", "$1", "__name__", "(.+)"))'

async function listRecords(): Promise<readonly string[]> {
  const file = 'static/monitoring/upload-bridge.rules.yaml'
  const { rules } = readRules(await readFile(file, 'utf8'), file)
  return rules.flatMap(rule => (rule.kind === 'record' ? [rule.record] : [])).sort()
}

describe.runIf(lacking.length === 0)('a healthy lab', () => {
  test('fires no alert for as long as its rules look back, and each of them that records gives a number', {
    timeout: 1_200_000,
  }, async () => {
    const look = await longestLook()
    expect(look).toBeGreaterThan(6 * 60_000)
    const root = await mkdtemp(join(tmpdir(), 'lab-healthy-'))
    const directory = join(root, 'lab')
    const options = { directory, bundles: resolve('dist'), rules: resolve('static/monitoring'), profile: AS_SHIPPED }
    const { ended } = await startApart({ ...options, timeScale: TIME_SCALE, log: () => undefined })
    try {
      const running = await (await connectLab(directory))?.status()
      const status = running && readLabStatus(running)
      if (!status) throw new Error('no lab runs there')
      const workload = uploadWorkload.start(status)
      await sleep(look)
      expect(await listFired(status, look / 1000, AbortSignal.timeout(20_000))).toEqual([])
      const recorded = await queryPrometheus(status.prometheusUrl ?? '', RECORDED)
      expect(recorded.map(({ labels }) => labels.of).sort()).toEqual(await listRecords())
      expect(workload.acknowledged()).toBeGreaterThan(500)
      await workload.stop()
    } finally {
      await (await connectLab(directory))?.down({ now: true })
      await ended
      await rm(root, { recursive: true, force: true })
    }
  })
})
