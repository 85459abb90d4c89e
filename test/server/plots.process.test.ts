import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { AlertPlot } from '../../src/wire/index.ts'
import { freePort } from '../environment/alertmanager.ts'
import { startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { createLiveHandbook, enter, send } from './live-handbook.ts'

const RULES = `groups:
  - name: things
    rules:
      - alert: ThingFull
        expr: (thing_free < 0.15 and predict_linear(thing_free[10m], 600) < 0) or thing_free < 0.03
        for: 5m
      - alert: ThingBehind
        expr: |
          thing_waits > on () group_left () (5 * sum(thing_rate)) # it moves
      - alert: ThingSilent
        expr: thing_nobody_has > 5 * 60
      - alert: ThingWrong
        expr: thing_free <
`

function withPrometheus(url: string | undefined): string {
  const named = url === undefined ? '' : `, prometheusUrl: "${url}"`
  return `url: https://ops.example\nrules: [rules.yaml]\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { target: { url: "http://staging" }${named} }\n`
}

const ask = (alert: string, minutes = '15') => `/api/plots?environment=staging&alert=${alert}&minutes=${minutes}`

test.runIf(requires('the plot of an alert', ['prometheus']))(
  'what an alert compares is asked of a real Prometheus, with its thresholds, and no more than can be drawn',
  async () => {
    const prometheus = await startPrometheus([
      ...Array.from(
        { length: 9 },
        (_, at) => [`thing_free{instance="db-${at}"}`, (ago: number) => 0.02 + at / 100 + ago / 10_000] as const,
      ),
      ['thing_waits{instance="api"}', () => 40],
      ['thing_rate{instance="api"}', ago => (ago > 600 ? undefined : 3)],
    ])
    onTestFinished(() => prometheus.stop())
    const handbook = await createLiveHandbook(withPrometheus(prometheus.url))
    handbook.write('rules.yaml', RULES)
    const { link, origin } = await handbook.serve()
    expect((await send(origin, ask('ThingFull'))).status).toBe(401)
    const browser = await enter(link)
    const full = await browser.read<AlertPlot>(ask('ThingFull'))
    expect(full).toMatchObject({ state: 'drawn', alert: 'ThingFull', ruleOf: 'handbook', more: 0 })
    if (full.state !== 'drawn') throw new Error(JSON.stringify(full))
    const [free, forecast] = full.curves
    expect(free).toMatchObject({
      expression: 'thing_free',
      limits: [
        { operator: '<', expression: '0.15' },
        { operator: '<', expression: '0.03' },
      ],
      more: 3,
    })
    // Those that are nearest to empty come first.
    expect(free?.series.map(({ labels }) => labels.instance)).toEqual(['db-0', 'db-1', 'db-2', 'db-3', 'db-4', 'db-5'])
    expect(new Set(free?.limits[0]?.values)).toEqual(new Set([0.15]))
    const values = free?.series[0]?.values ?? []
    expect(values).toHaveLength(181)
    expect(values[20]).toBeGreaterThan(values[160] ?? 1)
    expect(Date.parse(full.until) - Date.parse(full.from)).toBe(900_000)
    expect(forecast).toMatchObject({ limits: [{ operator: '<', expression: '0' }] })
    // A threshold may move, and may not be there yet.
    const behind = await browser.read<AlertPlot>(ask('ThingBehind'))
    const [waits] = behind.state === 'drawn' ? behind.curves : []
    expect(waits).toMatchObject({ expression: 'thing_waits', limits: [{ operator: '>' }] })
    expect(waits?.limits[0]?.values.at(10)).toBeNull()
    expect(waits?.limits[0]?.values.at(-10)).toBe(15)
    expect(await browser.read(ask('ThingSilent', '180'))).toMatchObject({
      state: 'drawn',
      curves: [{ series: [], limits: [{ operator: '>' }] }],
    })
    expect(await browser.read(ask('NobodyHasThis'))).toMatchObject({ state: 'no-rule' })
    expect(await browser.read(ask('ThingWrong'))).toMatchObject({
      state: 'no-answer',
      why: expect.stringMatching(/400/),
    })
    expect((await browser.get(ask(encodeURIComponent('up{} or x')))).status).toBe(422)
    expect((await browser.get(ask('ThingFull', '99999'))).status).toBe(422)
  },
  90_000,
)

test.runIf(requires('the plot of an alert', ['prometheus']))(
  'the expression is the one that Prometheus evaluates, and not the handbook’s',
  async () => {
    const theirs = 'groups: [{ name: a, rules: [{ alert: ThingFull, expr: "thing_free < 0.5" }] }]\n'
    const prometheus = await startPrometheus([['thing_free', () => 0.4]], { span: 60, every: 5 }, theirs)
    onTestFinished(() => prometheus.stop())
    const handbook = await createLiveHandbook(withPrometheus(prometheus.url))
    handbook.write('rules.yaml', RULES)
    const browser = await enter((await handbook.serve()).link)
    expect(await browser.read(ask('ThingFull'))).toMatchObject({
      ruleOf: 'prometheus',
      expressions: ['thing_free < 0.5'],
      curves: [{ expression: 'thing_free', limits: [{ operator: '<', expression: '0.5' }] }],
    })
  },
  60_000,
)

test('an answer that is too long for a plot is refused, and not read to its end', async () => {
  const server = createServer((_, response) => {
    const pour = () => {
      while (response.write('"'.padEnd(1_000_000)));
    }
    response.on('drain', pour)
    pour()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const address = server.address()
  const handbook = await createLiveHandbook(
    withPrometheus(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`),
  )
  const browser = await enter((await handbook.serve()).link)
  expect(await browser.read(ask('ThingFull'))).toMatchObject({
    state: 'no-answer',
    why: expect.stringContaining('more than 8 MB'),
  })
}, 60_000)

test('a Prometheus that is not named or does not answer is told as such', async () => {
  const nobody = await createLiveHandbook(withPrometheus(undefined))
  nobody.write('rules.yaml', RULES)
  const first = await enter((await nobody.serve()).link)
  expect(await first.read(ask('ThingFull'))).toMatchObject({ state: 'not-asked' })
  const silent = await createLiveHandbook(withPrometheus(`http://127.0.0.1:${await freePort()}`))
  silent.write('rules.yaml', RULES)
  const second = await enter((await silent.serve()).link)
  expect(await second.read(ask('ThingFull'))).toMatchObject({
    state: 'no-answer',
    why: expect.stringContaining('does not answer'),
  })
}, 60_000)
