import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { requires } from '../environment/requires.ts'
import { countNotifications, type Notification } from './week/count-wakes.ts'
import { evaluateRules } from './week/evaluate-rules.ts'
import { simulateWeek, type WeekOptions } from './week/simulate-week.ts'
import { formatMinute, minuteOf, WEEK } from './week/timeline.ts'

// Prometheus computes a week of minutes, which is 45 s on a quiet machine.
vi.setConfig({ testTimeout: 500_000 })
const RULES = 'static/monitoring/upload-bridge.rules.yaml'
const ROUTES = 'static/monitoring/alertmanager.yaml'
/** The longest shift, in minutes, and how often it may be woken. */
const [SHIFT, AT_MOST] = [12 * 60, 2]

describe.runIf(requires('a week of ordinary traffic', ['promtool', 'amtool']))('a week at production’s scale', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'week-'))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function replay(options: WeekOptions, until = WEEK, rules = RULES): Promise<readonly Notification[]> {
    return countNotifications(ROUTES, await evaluateRules(rules, simulateWeek(options), folder, until))
  }

  test('counts each call once: alerts of one group together, and inhibited ones not at all', async () => {
    const alert = (name: string, from: number, to: number, severity = 'critical') => ({
      labels: { alertname: `UploadBridge${name}`, severity, instance: 'uploads-1:8080' },
      from,
      to,
    })
    const wakesOf = async (...episodes: Parameters<typeof countNotifications>[1]) =>
      (await countNotifications(ROUTES, episodes)).map(({ receiver, minute }) => `${receiver} ${minute}`)
    expect(await wakesOf(alert('DatabaseDown', 0, 9), alert('DatabaseDown', 20, 29))).toEqual(['pager 1', 'pager 21'])
    expect(await wakesOf(alert('DatabaseDown', 0, 9), alert('WorkerDown', 2, 8))).toEqual(['pager 1'])
    expect(await wakesOf(alert('DatabaseDown', 0, 9), alert('WorkerDown', 2, 12))).toEqual(['pager 1', 'pager 10'])
    expect(await wakesOf(alert('QueueSlow', 0, 9), alert('DownstreamFailing', 4, 12))).toEqual(['pager 1'])
    expect(await wakesOf(alert('BackupTooOld', 0, 9, 'warning'))).toEqual(['tickets 1'])
  })

  test('has every series that the rules ask for', async () => {
    const asked = new Set((await readFile(RULES, 'utf8')).match(/^(?!.*(?:description|#)).*$/gm)?.flatMap(findMetrics))
    const made = new Set([...simulateWeek().keys()].map(name => name.replace(/\{.*/, '')))
    expect(asked.size).toBeGreaterThan(25)
    expect([...asked].filter(metric => !made.has(metric))).toEqual([])
  })

  test('wakes nobody more than twice in any 12 hours, nights included', async () => {
    const notifications = await replay({})
    process.stderr.write(`a week of ordinary traffic: ${describeWakes(notifications)}\n`)
    const wakes = notifications.filter(({ receiver }) => receiver === 'pager')
    for (const { minute } of wakes)
      expect(wakes.filter(other => other.minute >= minute && other.minute < minute + SHIFT).length).toBeLessThanOrEqual(
        AT_MOST,
      )
  })

  test('would wake somebody for the one failure of a night, if that were not too few', async () => {
    const text = await readFile(RULES, 'utf8')
    const fewest = '> 4.5 / (1 * 3600)'
    expect(text).toContain(fewest)
    const rules = join(folder, 'without.rules.yaml')
    await writeFile(rules, text.replace(fewest, '> 0'))
    const wakes = await replay({}, minuteOf('Wed 04:00'), rules)
    expect(wakes.map(({ minute, alerts }) => [formatMinute(minute), ...alerts])).toEqual([
      [expect.stringMatching(/^Wed 03:1/), 'UploadBridgeErrorBudgetBurn'],
    ])
  })

  test('wakes once when the database is down for 20 minutes', async () => {
    const databaseDown = { from: 'Mon 10:00', minutes: 20 }
    const wakes = (await replay({ databaseDown }, minuteOf('Mon 16:00'))).filter(({ receiver }) => receiver === 'pager')
    expect(wakes.map(({ alerts }) => alerts)).toEqual([['UploadBridgeDatabaseDown']])
    expect(wakes[0]?.minute).toBeGreaterThanOrEqual(minuteOf('Mon 10:02'))
    expect(wakes[0]?.minute).toBeLessThan(minuteOf('Mon 10:05'))
  })
})

/** The metrics that a line of a rule asks for: not what a rule itself records, which has colons. */
function findMetrics(line: string): readonly string[] {
  return line.match(/(?<![\w:])(?:upload_bridge|process|nodejs)_[a-z0-9_]+(?![\w:])/g) ?? []
}

function describeWakes(notifications: readonly Notification[]): string {
  if (notifications.length === 0) return 'nobody was woken, and no ticket was made'
  return notifications
    .map(({ receiver, minute, alerts }) => `${formatMinute(minute)} ${receiver}: ${alerts.join(', ')}`)
    .join('; ')
}
