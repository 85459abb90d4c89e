import { describe, expect, test } from 'vitest'
import { scaleRules } from '../../src/alerts/index.ts'
import { scaleDuration, scaleExpression } from '../../src/alerts/scale-rules.ts'

describe('an expression at scale 60', () => {
  test.for([
    ['rate(x[5m])', 'rate(x[5s])'],
    ['rate(x[1h30m])', 'rate(x[90s])'],
    ['rate(x[ 6h ])', 'rate(x[360s])'],
    ['rate(x[1m])', 'rate(x[4s])'], // two scrapes at least
    ['rate(x[2s])', 'rate(x[2s])'], // never longer than before
    ['max_over_time(rate(x[5m])[1h:5m])', 'max_over_time(rate(x[5s])[60s:5s])'],
    ['max_over_time(x[1h:])', 'max_over_time(x[60s:])'],
    ['x offset 5m', 'x offset 5s'],
    ['x offset -1w', 'x offset -10080s'],
    ['x offset 30s', 'x offset 1s'],
    ['time() - y > 5 * 60', 'time() - y > 5'],
    ['predict_linear(x[1h], 4 * 3600) < 0', 'predict_linear(x[60s], 240) < 0'],
    ['time() - y > 1.5*86400', 'time() - y > 2160'],
    ['x > 14.4 * 0.001', 'x > 14.4 * 0.001'],
    ['x > 5 * 600', 'x > 5 * 600'],
    ['x > 5 * 60.5', 'x > 5 * 60.5'],
    ['x5 * 60', 'x5 * 60'],
    ['x{a="[5m] offset 5m 5 * 60"}', 'x{a="[5m] offset 5m 5 * 60"}'],
    ["x{a='[5m]'} # not [5m] either\n+ rate(x[5m])", "x{a='[5m]'} # not [5m] either\n+ rate(x[5s])"],
    ['x{a="\\"[5m]"} + rate(x[5m])', 'x{a="\\"[5m]"} + rate(x[5s])'],
  ] as const)('%s', ([expression, expected]) => {
    expect(scaleExpression(expression, 60)).toBe(expected)
  })
})

test('durations get shorter, down to a second, to the millisecond', () => {
  expect(scaleDuration('10m', 60)).toBe('10s')
  expect(scaleDuration('10m', 7)).toBe('85s714ms')
  expect(scaleDuration('10s', 60)).toBe('1s')
  expect(scaleDuration('500ms', 60)).toBe('500ms')
  expect(scaleDuration('0s', 60)).toBe('0s')
  expect(scaleDuration('soon', 60)).toBe('soon')
})

test('a rule file keeps its comments and layout', () => {
  const text = `# Why [5m]: because
groups:
  - name: g   # five
    interval: 1m
    rules:
      - alert: A # for: 5m
        expr: |
          rate(x[5m]) > 0   # per [5m]
          and y > 2 * 60
        for:   10m # ten
        keep_firing_for: "5m"
        annotations: { summary: 'for: 10m, 5 * 60, [5m]' }
      - record: "a:b"
        expr: "rate(x{a=\\"[5m]\\"}[10m])"
      - record: c:d
        expr: >-
          rate(x[5m])
          offset 5m
`
  expect(scaleRules(text, 60)).toBe(`# Why [5m]: because
groups:
  - name: g   # five
    interval: 1s
    rules:
      - alert: A # for: 5m
        expr: |
          rate(x[5s]) > 0   # per [5m]
          and y > 2
        for:   10s # ten
        keep_firing_for: "5s"
        annotations: { summary: 'for: 10m, 5 * 60, [5m]' }
      - record: "a:b"
        expr: "rate(x{a=\\"[5m]\\"}[10s])"
      - record: c:d
        expr: >-
          rate(x[5s])
          offset 5s
`)
})

test('at scale 1 nothing changes but spelling; what is no YAML stays as it is', () => {
  const text = 'groups: [{ name: g, rules: [{ alert: A, expr: "rate(x[5m])", for: 10s }] }]\n'
  expect(scaleRules(text, 1)).toBe(text.replace('5m', '300s'))
  expect(scaleRules('a: b: c: [', 60)).toBe('a: b: c: [')
})
