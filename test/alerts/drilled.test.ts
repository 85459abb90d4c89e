import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'
import { listDrills } from '../environment/list-drills.ts'

const FILES = ['upload-bridge.rules.yaml', 'watchdog.yaml']

it('has a drill for every alert that we ship', async () => {
  const texts = await Promise.all(FILES.map(name => readFile(`static/monitoring/${name}`, 'utf8')))
  const rules = texts.flatMap((text, at) => readRules(text, FILES[at] ?? '').rules)
  const alerts = new Set(rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : [])))
  expect(alerts.size).toBeGreaterThan(20)
  const drilled = new Set((await listDrills()).map(({ alert }) => alert))
  expect([...alerts].filter(alert => !drilled.has(alert))).toEqual([])
})
