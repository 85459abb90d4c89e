import { expect, test } from 'vitest'
import type { Alert } from '../../../src/alerts/index.ts'
import { joinAlerts } from '../../../src/server/now/join-alerts.ts'

const CONSEQUENCES = ['data is lost', 'nobody is served', 'it is late']

function fire(alertname: string, severity: string, consequence?: string, startsAt = '2026-01-01T00:00:00Z'): Alert {
  return {
    fingerprint: alertname,
    labels: { alertname, severity },
    annotations: consequence === undefined ? {} : { consequence },
    startsAt: new Date(startsAt),
    endsAt: new Date('2026-01-02'),
    state: 'active',
    silenced: false,
    inhibited: false,
  }
}

const order = (alerts: readonly Alert[], consequences = CONSEQUENCES) =>
  joinAlerts({ alerts, rules: [] }, [], consequences).map(({ name }) => name)

test('what harms customers most is first, whatever its severity', () => {
  const alerts = [
    fire('Late', 'critical', 'it is late'),
    fire('Ticket', 'warning'),
    fire('Lost', 'warning', 'data is lost'),
    fire('Down', 'critical', 'nobody is served'),
  ]
  expect(order(alerts)).toEqual(['Lost', 'Down', 'Late', 'Ticket'])
})

test('a critical alert that does not say what it means might mean the worst', () => {
  const alerts = [
    fire('Down', 'critical', 'nobody is served'),
    fire('Strange', 'critical'),
    fire('Typo', 'warning', 'it hurts'),
  ]
  expect(order(alerts)).toEqual(['Strange', 'Down', 'Typo'])
})

test('where nobody lists what alerts mean, the severity decides, and then the time', () => {
  const alerts = [
    fire('Slow', 'warning', 'data is lost'),
    fire('Down', 'critical', undefined, '2026-01-01T00:01:00Z'),
    fire('Gone', 'critical'),
  ]
  expect(order(alerts, [])).toEqual(['Gone', 'Down', 'Slow'])
})
