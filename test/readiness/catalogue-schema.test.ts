import { describe, expect, it } from 'vitest'
import { averageClaims, findItem, parseCatalogue } from '../../src/readiness/catalogue-schema.ts'
import { WEIGHTS, weigh } from '../../src/readiness/weights.ts'
import { OUR_CATALOGUE, readOurCatalogue } from './our-catalogue.ts'

const catalogue = readOurCatalogue()
const { areas, claimed } = catalogue
const items = areas.flatMap(area => area.items.map(item => ({ area, item })))

it('has ten areas and 62 items, numbered in their order', () => {
  expect(areas.map(({ id, items }) => [id, items.length])).toEqual([
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
  expect(findItem(catalogue, 'ops-6')).toMatchObject({ area: { id: 'ops' }, item: { title: 'Rollback procedure' } })
  expect(findItem(catalogue, 'ops-8')).toBeUndefined()
})

it('knows which items not every deployment needs', () => {
  const named = (need: string) => items.filter(({ item }) => item.need === need).map(({ item }) => item.id)
  expect(named('optional')).toEqual(['log-4', 'log-7', 'health-4', 'ops-4'])
  expect(named('if-multi-user')).toEqual(['auth-1', 'auth-2', 'auth-3', 'auth-4', 'auth-5'])
  expect(items.every(({ item }) => !item.title.includes('('))).toBe(false) // “(dev, staging, prod)” stays
  expect(findItem(catalogue, 'log-4')?.item.title).toBe('Central log shipping')
})

it('remembers what was claimed, nothing where nothing was, and that the total is not the mean of its parts', () => {
  expect(Object.fromEntries(areas.map(({ id, claimed }) => [id, claimed]))).toEqual({
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
  expect(claimed?.overall).toBe(75)
  // (30 + 40 + 60 + 20 + 30 + 10 + 80 + 100 + 90 + 85 + 90) / 11
  expect(averageClaims(catalogue)).toBe(57.7)
})

it('weighs every item', () => {
  for (const { required, optional } of Object.values(WEIGHTS)) expect(required).toBeGreaterThan(optional)
  const weightOf = (id: string) => {
    const found = findItem(catalogue, id)
    return found && weigh(found.area, found.item)
  }
  expect(['log-1', 'log-4', 'health-1', 'health-4', 'perf-1', 'auth-1'].map(weightOf)).toEqual([6, 3, 4, 2, 2, 1])
})

describe('a catalogue', () => {
  const SMALL = 'areas:\n  - { id: a, title: A, priority: high, items: [{ id: a-1, title: One, hours: 2 }] }\n'

  it('need not claim anything, and demands what is not called optional', () => {
    const result = parseCatalogue(SMALL, 'c.yaml')
    if ('problems' in result) throw new Error(JSON.stringify(result.problems))
    expect(result.catalogue).toMatchObject({ areas: [{ claimed: null, items: [{ need: 'required' }] }] })
    expect(averageClaims(result.catalogue)).toBeNull()
  })

  it.each([
    ['an unknown key', SMALL.replace('hours', 'ours'), 2, /a|hours/],
    ['a priority that is none', SMALL.replace('high', 'utmost'), 2, /priority/],
    [
      'an area of its own name',
      `${SMALL}  - { id: a, title: A, priority: low, items: [{ id: b, title: B, hours: 1 }] }\n`,
      3,
      /another a$/,
    ],
    [
      'an item of its own name',
      SMALL.replace('hours: 2 }', 'hours: 2 }, { id: a-1, title: Two, hours: 1 }'),
      2,
      /another a-1$/,
    ],
    ['no time at all', SMALL.replace('hours: 2', 'hours: 0'), 2, /hours/],
    ['no item', SMALL.replace(/\[.*\]/, '[]'), 2, /items/],
    ['a claim above the whole', `${SMALL}claimed: { overall: 101 }\n`, 3, /overall/],
    ['broken YAML', `${SMALL}claimed: [\n`, 4, /./],
    ['nothing at all', '', 1, /./],
  ])('%s is named at its line', (_, text, line, message) => {
    const result = parseCatalogue(text, 'c.yaml')
    const problems = 'problems' in result ? result.problems : []
    expect(problems[0]).toMatchObject({ file: 'c.yaml', severity: 'error', line, hint: expect.any(String) })
    expect(problems[0]?.message).toMatch(message)
  })

  it('of ours is told of a misspelt item at its very place', () => {
    const result = parseCatalogue(OUR_CATALOGUE.replace('need: optional', 'need: perhaps'), 'c.yaml')
    const line = OUR_CATALOGUE.split('\n').findIndex(text => text.includes('need: optional')) + 1
    expect('problems' in result && result.problems).toMatchObject([{ line }])
  })
})
