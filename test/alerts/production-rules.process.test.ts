import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { readRules, scaleRules } from '../../src/alerts/index.ts'
import { requires } from '../environment/requires.ts'
import { listPanelAddresses } from './dashboard.ts'

// Prometheus computes days of data.
vi.setConfig({ testTimeout: 240_000 })
const run = promisify(execFile)
const FOLDER = 'static/monitoring'
const RULES = 'upload-bridge.rules.yaml'
const MONTH = 'restore-drill.test.yaml'

test('every alert follows the conventions that readers expect', async () => {
  const { rules, problems } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
  expect(problems).toEqual([])
  const alerts = rules.filter(rule => rule.kind === 'alert')
  expect(alerts.length).toBeGreaterThanOrEqual(3)
  const panels = listPanelAddresses()
  for (const { alert, labels, annotations, for: wait } of alerts) {
    expect(alert).toMatch(/^UploadBridge([A-Z][a-z]+)+$/)
    expect(labels.severity).toMatch(/^(critical|warning|info)$/)
    expect(annotations.summary).toBeTruthy()
    expect(annotations.description).toContain('{{ $value')
    expect(annotations.runbook_url).toMatch(
      /^https:\/\/upload-bridge\.example\/(?:runbooks|docs(?:\/recovery)?)\/[a-z-]+$/,
    )
    expect(annotations.basis).toMatch(/^(?:objective|lead time|measured|chosen): /)
    expect(wait).toBeDefined()
    expect(annotations.expected, alert).toMatch(/^(?:never|at most once|only when|whenever)\b/)
    // A silence that is allowed has an end.
    expect(annotations.silence, alert).toMatch(
      /^never: |\buntil (?:the day|a planned|its(?: announced)? end)\b|\bat most\b|announced time/,
    )
    expect(panels, alert).toContain(annotations.dashboard_url)
  }
})

test('of every alert the cases tell when it fires, when not, that it ends, and what it makes of no data', async () => {
  const { rules } = readRules(await readFile(join(FOLDER, RULES), 'utf8'), RULES)
  const texts = await Promise.all(['upload-bridge.test.yaml', MONTH].map(name => readFile(join(FOLDER, name), 'utf8')))
  const tests: readonly RuleTest[] = texts.flatMap(text => parse(text).tests)
  const untold = rules.flatMap(rule => {
    if (rule.kind !== 'alert') return []
    const of = tests.map(({ alert_rule_test = [], input_series }) => ({
      cases: alert_rule_test.filter(({ alertname }) => alertname === rule.alert),
      hasGaps: input_series.some(({ values }) => /stale|_/.test(values)),
    }))
    const told = {
      fires: of.some(({ cases }) => cases.some(fires)),
      'is quiet': of.some(({ cases }) => cases.some(one => !fires(one))),
      ends: of.some(({ cases }) => cases.some((one, at) => !fires(one) && cases.slice(0, at).some(fires))),
      'no data': of.some(({ cases, hasGaps }) => hasGaps && cases.length > 0),
    }
    return Object.entries(told).flatMap(([which, is]) => (is ? [] : [`${rule.alert}: ${which}`]))
  })
  expect(untold).toEqual([])
})

/** A test of promtool: cases in the order of their times. */
interface RuleTest {
  readonly input_series: readonly { readonly values: string }[]
  readonly alert_rule_test?: readonly RuleCase[]
}

interface RuleCase {
  readonly alertname: string
  readonly exp_alerts?: readonly unknown[]
}

function fires({ exp_alerts = [] }: RuleCase): boolean {
  return exp_alerts.length > 0
}

describe.runIf(requires('production durations of the alert rules', ['promtool']))('promtool', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rules-'))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('proves the production durations', async () => {
    const { stdout } = await run('promtool', ['test', 'rules', join(FOLDER, 'upload-bridge.test.yaml')])
    expect(stdout).toContain('SUCCESS')
  })

  test('proves the month of a restore drill', async () => {
    await writeChanged(join(folder, RULES), 'UploadBridgeRestoreDrillOld')
    await writeFile(join(folder, MONTH), await readFile(join(FOLDER, MONTH), 'utf8'))
    const { stdout } = await run('promtool', ['test', 'rules', join(folder, MONTH)])
    expect(stdout).toContain('SUCCESS')
  })

  test.each([
    ['how old', '> 35 * 86400', '> 34 * 86400'],
    [
      'a drill that never was',
      '(upload_bridge_backup_last_restore_drill_timestamp_seconds > 0)',
      'upload_bridge_backup_last_restore_drill_timestamp_seconds',
    ],
  ])('of a restore drill sees a change of %s', async (_, from, to) => {
    await writeChanged(join(folder, RULES), 'UploadBridgeRestoreDrillOld', from, to)
    await writeFile(join(folder, MONTH), await readFile(join(FOLDER, MONTH), 'utf8'))
    await expect(run('promtool', ['test', 'rules', join(folder, MONTH)])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('UploadBridgeRestoreDrillOld'),
    })
  })

  test('proves the dead man’s switch', async () => {
    const { problems } = readRules(await readFile(join(FOLDER, 'watchdog.yaml')), 'watchdog.yaml')
    expect(problems).toEqual([])
    const { stdout } = await run('promtool', ['test', 'rules', join(FOLDER, 'watchdog.test.yaml')])
    expect(stdout).toContain('SUCCESS')
  })

  test.each([
    ['UploadBridgeErrorBudgetBurn', 'more failures than the floor', '4.5 / (1 * 3600)', '0 / (1 * 3600)'],
    ['UploadBridgeBackupTooOld', 'a late backup', '> 26 * 3600', '> 36 * 3600'],
    ['UploadBridgeNeverBackedUp', 'a backup that was never made', 'offset 26h', 'offset 27h'],
    [
      'UploadBridgeNeverBackedUp',
      'an API that was away',
      '[1h] offset 26h) == 0\n        for: 10m',
      '[1h] offset 10m) == 0\n        for: 26h',
    ],
    [
      'UploadBridgeReloadFailed',
      'a refused configuration',
      'upload_bridge_config_last_reload_successful == 0',
      'upload_bridge_config_last_reload_successful == 2',
    ],
    ['UploadBridgeApiDown', 'how long it waits', 'for: 2m', 'for: 4m'],
    ['UploadBridgeUploadsHeld', 'a single held upload', 'deliveries_held > 0', 'deliveries_held > 1'],
    ['UploadBridgeBacklogGrowing', 'a backlog of which nothing goes', '[5m])) > 0)', '[5m])) >= 0)'],
    ['UploadBridgeDeliveriesPaused', 'a pause', 'deliveries_paused == 1', 'deliveries_paused == 2'],
    ['UploadBridgeDownstreamFailing', 'one late upload', 'second_due_timestamp', 'first_due_timestamp'],
    ['UploadBridgeDownstreamFailing', 'an older release', 'deliveries_oldest_pending', 'deliveries_no_longer_pending'],
    ['UploadBridgeDownstreamFailing', 'a pause', 'deliveries_paused[5m]) == 1', 'deliveries_paused[5m]) == 2'],
    [
      'UploadBridgeDownstreamFailing',
      'the time after a pause',
      'deliveries_paused[5m]) == 1',
      'deliveries_paused[1m]) == 1',
    ],
    ['UploadBridgeUploadsUnavailable', 'a database that was away', 'database_up[15m]) == 1', 'database_up[15m]) >= 0'],
    ['UploadBridgeApiStalled', 'the longest stall', '"}[1m]) > 0.5', '"}[1m]) > 1'],
    ['UploadBridgeApiStalled', 'a quiet moment', 'max_over_time(nodejs_eventloop', 'min_over_time(nodejs_eventloop'],
    ['UploadBridgeQueueSlow', 'a busy worker', '_seconds_sum[5m])) < 1', '_seconds_sum[5m])) < 2'],
    ['UploadBridgeQueueSlow', 'how many wait', 'deliveries_pending > 10', 'deliveries_pending > 2'],
    ['UploadBridgeQueueSlow', 'failed attempts', '"}[15m])) == 0', '"}[15m])) >= 0'],
    ['UploadBridgeQueueSlow', 'a pause', '_paused[5m]) == 0', '_paused[5m]) >= 0'],
    [
      'UploadBridgeQueueSlow',
      'a worker that is gone',
      '{job="upload-bridge-worker"}) == 1',
      '{job="upload-bridge-worker"}) >= 0',
    ],
    ['UploadBridgeQueueSlow', 'its growth', 'pending[5m]) > 0', 'pending[5m]) > -20'],
    [
      'UploadBridgeCleanerFailing',
      'an hour without a success',
      'cleaner_last_success_timestamp_seconds > 3600',
      'cleaner_last_success_timestamp_seconds >= 3600',
    ],
    [
      'UploadBridgeCleanerFailing',
      'a cleaner that never succeeded',
      'unless on (job, instance) upload_bridge_cleaner',
      'and on (job, instance) upload_bridge_cleaner',
    ],
    [
      'UploadBridgeCleanerFailing',
      'a release without a cleaner',
      'and on (job, instance) upload_bridge_log_bytes_total',
      '',
    ],
    ['UploadBridgeInodesRunningOut', 'the last inodes', 'storage_files < 0.03', 'storage_files <= 0.03'],
    ['UploadBridgeMemoryGrowing', 'a process that is warm', '"} > 1 * 3600', '"} > 2 * 3600'],
  ])('of %s sees a change of %s', async (alert, _, from, to) => {
    await writeChanged(join(folder, RULES), alert, from, to)
    const { tests, ...head } = parse(await readFile(join(FOLDER, 'upload-bridge.test.yaml'), 'utf8'))
    const its = tests.filter((test: object) => JSON.stringify(test).includes(`"alertname":"${alert}"`))
    await writeFile(join(folder, 'test.yaml'), stringify({ ...head, tests: its }))
    await expect(run('promtool', ['test', 'rules', join(folder, 'test.yaml')])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(alert),
    })
  })

  test.for([7, 60, 600])('takes the rules at time scale %i', async scale => {
    const path = join(folder, `scaled-${scale}.yaml`)
    await writeFile(path, scaleRules(await readFile(join(FOLDER, RULES), 'utf8'), scale))
    expect((await run('promtool', ['check', 'rules', path])).stdout).toContain('SUCCESS')
  })
})

/** Writes the rules, changed in one place: an alert and what it stands on, since of each one more Prometheus would compute the same days. */
async function writeChanged(path: string, alert: string, from = '', to = ''): Promise<void> {
  const text = await readFile(join(FOLDER, RULES), 'utf8')
  expect(text).toContain(from)
  const { groups } = parse(from === '' ? text : text.replaceAll(from, to))
  const rules: { readonly alert?: string; readonly record?: string; readonly expr: string }[] = groups.flatMap(
    (group: { readonly rules: unknown }) => group.rules,
  )
  let used = alert
  // What a rule stands on is before it.
  for (const rule of rules.toReversed()) if (used.includes(rule.alert ?? rule.record ?? '')) used += rule.expr
  for (const group of groups)
    group.rules = group.rules.filter((rule: (typeof rules)[number]) => used.includes(rule.expr))
  await writeFile(path, stringify({ groups }))
}
