import { describe, expect, it } from 'vitest'
import { readRules } from '../../../src/alerts/index.ts'
import { compareSources } from '../../../src/lint/quantities/sources.ts'

const RULES = `groups:
  - name: one
    rules:
      - alert: Filling
        expr: |
          free:ratio5m{part="7"} < 0.15 and predict_linear(bytes[1h], 4 * 3600) < 0
          or (log_bytes > 64 * 1024 and lag > 0.5)
        for: 2m
      - alert: Filling
        expr: quantile_over_time(0.25, rate(x[5m])[3h:5m] offset 15m) > 3
        for: 2h
      - alert: AtOnce
        expr: down == 1
`
const CONFIGURATION = 'storage:\n  expireAfter: 7d\n  reserve: 10GiB\n'

/** What is wrong between a value and its source. */
function compare(value: string, source: { readonly alert?: string; readonly configuration?: string }) {
  const { rules } = readRules(RULES, 'rules.yaml')
  return compareSources('it', { is: 'It', value, ...source }, { rules, readText: async () => CONFIGURATION })
}

describe('a quantity is compared with the rules of its alert', () => {
  it.each([
    ['15 %', 'Filling#expr'],
    ['4 hours', 'Filling#expr'],
    ['an hour', 'Filling#expr'],
    ['64 KiB', 'Filling#expr'],
    ['500 ms', 'Filling#expr'],
    ['3 hours', 'Filling#expr'],
    ['15 minutes', 'Filling#expr'],
    ['25 %', 'Filling#expr'],
    ['2 minutes', 'Filling#for'],
    ['120 seconds', 'Filling#for'],
    ['2 hours', 'Filling#for'],
    ['0 s', 'AtOnce#for'],
  ])('%s stands in %s', async (value, alert) => {
    expect(await compare(value, { alert })).toEqual([])
  })

  it.each([
    ['16 %', 'Filling#expr'],
    ['5 hours', 'Filling#expr'],
    ['7 s', 'Filling#expr'],
    ['3 minutes', 'Filling#for'],
    ['5 minutes', 'Filling#for'],
    ['2 minutes', 'AtOnce#for'],
  ])('%s does not stand in %s', async (value, alert) => {
    expect(await compare(value, { alert })).toMatchObject([{ message: `it is no value of ${alert}` }])
  })

  it('an alert that there is not is named', async () => {
    expect(await compare('15 %', { alert: 'Fulling#expr' })).toMatchObject([{ message: 'There is no alert Fulling' }])
  })
})

it.each([
  ['7 days', 'x.yaml#storage.expireAfter', []],
  ['168 hours', 'x.yaml#storage.expireAfter', []],
  ['10 GiB', 'x.yaml#storage.reserve', []],
  ['8 days', 'x.yaml#storage.expireAfter', ['it is another value in x.yaml']],
  ['7 days', 'x.yaml#storage.expiresAfter', ['x.yaml has no key storage.expiresAfter']],
])('%s is compared with %s', async (value, configuration, messages) => {
  expect((await compare(value, { configuration })).map(({ message }) => message)).toEqual(messages)
})
