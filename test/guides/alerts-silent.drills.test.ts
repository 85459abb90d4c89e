import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { isSilent } from '../../src/alerts/index.ts'
import { requires } from '../environment/requires.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const PAGE = 'runbooks/alerts-silent.md'
const LIMIT = 180_000
const NEEDS = ['prometheus', 'prometheus-alertmanager', 'amtool', 'jq', 'curl']

const findFailed = ({ events }: DoneRun) =>
  events.flatMap(event => (event.type === 'step.finished' && event.status === 'failed' ? [event.step] : []))

describe.runIf(requires('silent alerts', NEEDS))('the page about silent alerts', () => {
  const { lab, run } = provideLab({ monitoring: true })
  afterEach(() => lab().heal())

  const config = () => readFile(String(lab().status().target.alertmanagerConfigPath), 'utf8')

  test('uses the newer routes again', { timeout: LIMIT }, async () => {
    const { deadMansSwitch = { url: '' } } = lab().status()
    await expect.poll(() => isSilent(deadMansSwitch), { timeout: 60_000 }).toBe(false)
    const before = await config()
    await lab().break('watchdog-unrouted')
    const newer = await config()
    expect(newer).not.toBe(before)
    for (const [step, expected] of [
      ['routes-before', before],
      ['routes-again', newer],
    ] as const) {
      const done = await run(PAGE, {}, step)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect(await config()).toBe(expected)
    }
  })

  test('says that the switch itself is gone, and that notifications fail on their way', {
    timeout: LIMIT,
  }, async () => {
    const known = lab()
      .status()
      .processes.find(({ name }) => name === 'dead-mans-switch')
    process.kill(known?.pid ?? 0, 'SIGKILL')
    const { alertmanagerUrl } = lab().status()
    const countFailed = async () =>
      /^alertmanager_notifications_failed_total\{integration="webhook"[^}]*\} [1-9]/m.test(
        await (await fetch(`${alertmanagerUrl}/metrics`)).text(),
      )
    await expect.poll(countFailed, { timeout: 90_000, interval: 500 }).toBe(true)
    const done = await run(PAGE)
    expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
    expect(findFailed(done)).toEqual(['switch', 'way'])
  })
})
