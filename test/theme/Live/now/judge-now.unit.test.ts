import { describe, expect, it } from 'vitest'
import { formatClock } from '../../../../src/report/index.ts'
import { judgeNow, linkRunbook, sayAsOf, saySource, tellApart } from '../../../../src/theme/Live/now/judge-now.ts'
import type { Source } from '../../../../src/wire/index.ts'
import { blind, nothingFires, twoAlerts } from '../../../site/live/stories.ts'

const AT = '2026-11-29T03:15:00Z'
const prometheus: Source = { name: 'Prometheus', asked: true, answered: AT }
const alertmanager: Source = { name: 'Alertmanager', asked: true, answered: '2026-11-29T03:15:04Z' }
const judge = (...sources: readonly Source[]) => judgeNow({ ...nothingFires(), sources })

describe('what is said of what fires', () => {
  it('is that nothing does only when all who are asked have answered, and Alertmanager is one', () => {
    expect(judge(prometheus, alertmanager)).toEqual({ state: 'quiet', says: 'Nothing fires' })
    expect(judge({ name: 'Prometheus', asked: false }, alertmanager).state).toBe('quiet')
    expect(judge(prometheus, { name: 'Alertmanager', asked: true }).state).toBe('waiting')
    expect(judge(prometheus, { ...alertmanager, why: 'refused' }).state).toBe('waiting')
    expect(judge(prometheus, { name: 'Alertmanager', asked: false }).state).toBe('unasked')
    expect(judge({ name: 'Prometheus', asked: false }, { name: 'Alertmanager', asked: false }).state).toBe('unasked')
  })

  it('is that nobody knows when a source is silent, whatever fired before', () => {
    expect(judgeNow(blind()).state).toBe('blind')
  })

  it('is how many alerts do', () => {
    expect(judgeNow(twoAlerts()).says).toBe('2 alerts fire')
    expect(judgeNow({ ...twoAlerts(), alerts: twoAlerts().alerts.slice(1) }).says).toBe('1 alert fires')
  })

  it('is how many were handed over, and no more than that, where nobody can be asked', () => {
    const sources = [prometheus, alertmanager].map(({ name }) => ({ name, asked: false }))
    const { state, says } = judgeNow({ ...twoAlerts(), sources })
    expect(state).toBe('unasked')
    expect(says).toMatch(/^2 alerts were handed over\. Nobody was asked what else fires/)
  })

  it('names who was asked, and who was not', () => {
    expect(sayAsOf({ time: AT, sources: [prometheus, alertmanager] })).toBe(
      `as of ${formatClock(AT)}, asked Prometheus and Alertmanager`,
    )
    expect(sayAsOf({ time: AT, sources: [prometheus, { name: 'Alertmanager', asked: false }] })).toBe(
      `as of ${formatClock(AT)}, asked Prometheus, did not ask Alertmanager`,
    )
    expect(saySource({ name: 'Prometheus', asked: true, why: 'refused' })).toBe(
      'Prometheus has not answered yet: refused',
    )
  })
})

it('an alert’s link has its labels, each spelt so that it stays one', () => {
  const link = linkRunbook('/runbooks/x', 'lab', {
    name: 'A',
    labels: { alertname: 'A', path: '/a&b=c#d', 'o"o': '<i>' },
  })
  const query = new URL(link, 'http://h').searchParams
  expect([...query]).toEqual([
    ['environment', 'lab'],
    ['alert', 'A'],
    ['label.path', '/a&b=c#d'],
    ['label.o"o', '<i>'],
  ])
})

it('alerts of one name are told apart by the labels that differ', () => {
  const alert = (name: string, labels: Readonly<Record<string, string>>) => ({ name, labels })
  const all = [
    alert('A', { instance: 'db-1', job: 'x', disk: 'sda' }),
    alert('A', { instance: 'db-2', job: 'x' }),
    alert('B', { instance: 'db-3', job: 'y' }),
  ]
  expect(all.map(one => tellApart(one, all))).toEqual(['instance=db-1, disk=sda', 'instance=db-2', ''])
})
