import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPrometheus } from '../environment/prometheus.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'

const runs = provideRuns()
let prometheus: Awaited<ReturnType<typeof startPrometheus>>

beforeAll(async () => {
  if (requires('prom() in a block', ['prometheus'])) prometheus = await startPrometheus([])
})
afterAll(() => prometheus?.stop())

test.runIf(requires('prom() in a block', ['prometheus'])).each([
  ['vector(2)', 's0 passed ["2"]'],
  ['vector(1) / 0', 's0 passed ["Infinity"]'],
  ['-vector(1) / 0', 's0 passed ["-Infinity"]'],
  ['scalar(vector(3))', 's0 passed ["3"]'],
  ['up', 's0 passed []'],
])('prom(%j) in a block reads what Prometheus says', async (query, said) => {
  const code = `return (await prom(${JSON.stringify(query)})).map(sample => String(sample.value))`
  expect(await run(code)).toBe(said)
})

test.runIf(requires('prom() in a block', ['prometheus'])).each([
  ['vector(', /parse error/],
  ['"text"', /gives a string, not an instant vector: "text"/],
])('prom(%j) in a block fails, and says why', async (query, why) => {
  expect(await run(`await prom(${JSON.stringify(query)})`)).toMatch(why)
})

/** How a page of this one block ended. */
async function run(code: string): Promise<string | undefined> {
  const page = `## Checks\n### s0\n\`\`\`ts\n${code}\n\`\`\`\n`
  const { events } = await runs.run(page, { environment: { prometheusUrl: prometheus.url } })
  return tell(events).findLast(line => line.startsWith('s0 '))
}
