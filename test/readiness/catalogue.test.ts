import { expect, it } from 'vitest'
import { AREAS, averageClaims, CLAIMED, findItem } from '../../src/readiness/catalogue.ts'
import { EFFORT_HOURS } from '../../src/readiness/effort.ts'
import { WEIGHTS, weigh } from '../../src/readiness/weights.ts'

const items = AREAS.flatMap(area => area.items.map(item => ({ area, item })))

it('has ten areas and 62 items, numbered in their order', () => {
  expect(AREAS.map(({ id, items }) => [id, items.length])).toEqual([
    ['log', 7],
    ['conf', 6],
    ['sec', 8],
    ['health', 6],
    ['ops', 7],
    ['bak', 5],
    ['perf', 6],
    ['doc', 6],
    ['gate', 6],
    ['auth', 5],
  ])
  expect(items).toHaveLength(62)
  expect(new Set(items.map(({ item }) => item.id)).size).toBe(62)
  expect(findItem('ops-6')).toMatchObject({ area: { id: 'ops' }, item: { title: 'Rollback procedure' } })
  expect(findItem('ops-8')).toBeUndefined()
})

it('knows which items not every deployment needs', () => {
  const named = (need: string) => items.filter(({ item }) => item.need === need).map(({ item }) => item.id)
  expect(named('optional')).toEqual(['log-4', 'log-7', 'health-4', 'ops-4'])
  expect(named('if-multi-user')).toEqual(['auth-1', 'auth-2', 'auth-3', 'auth-4', 'auth-5'])
  expect(items.every(({ item }) => !item.title.includes('('))).toBe(false) // “(dev, staging, prod)” stays
  expect(findItem('log-4')?.item.title).toBe('Central log shipping')
})

it('remembers what was claimed, nothing where nothing was, and that the total is not the mean of its parts', () => {
  expect(Object.fromEntries(AREAS.map(({ id, claimed }) => [id, claimed]))).toEqual({
    log: 30,
    conf: 40,
    sec: 60,
    health: 20,
    ops: 30,
    bak: 10,
    perf: null,
    doc: 80,
    gate: null,
    auth: null,
  })
  expect(CLAIMED.overall).toBe(75)
  // (30 + 40 + 60 + 20 + 30 + 10 + 80 + 100 + 90 + 85 + 90) / 11
  expect(averageClaims()).toBe(57.7)
})

it('weighs every item, and estimates every item once', () => {
  expect(Object.keys(EFFORT_HOURS).sort()).toEqual(items.map(({ item }) => item.id).sort())
  for (const hours of Object.values(EFFORT_HOURS)) expect(hours).toBeGreaterThan(0)
  for (const { required, optional } of Object.values(WEIGHTS)) expect(required).toBeGreaterThan(optional)
  const weightOf = (id: string) => {
    const found = findItem(id)
    return found && weigh(found.area, found.item)
  }
  expect(['log-1', 'log-4', 'health-1', 'health-4', 'perf-1', 'auth-1'].map(weightOf)).toEqual([6, 3, 4, 2, 2, 1])
})
