import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
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

test.each([
  ['{"status":"error","error":"too many","data":{"resultType":"vector","result":[]}}', /without success: too many/],
  ['{"status":"success","data":{"resultType":"vector","result":{}}}', /without a list of samples/],
  ['{"status":"success","data":{"resultType":"vector"}}', /without a list of samples/],
  ['[]', /without success/],
  [
    '{"status":"success","warnings":["store a did not answer","b"],"data":{"resultType":"vector","result":[]}}',
    /^s0 failed at 4:\d+: Error: Prometheus warns that its answer may not be whole: store a did not answer; b$/,
  ],
  [
    '{"status":"success","warnings":["PromQL warning: bad bucket"],"data":{"resultType":"scalar","result":[0,"0"]}}',
    /may not be whole: PromQL warning: bad bucket/,
  ],
])('prom() in a block takes no broken answer for “no samples”: %s', async (body, why) => {
  const server = createServer((_, response) => response.end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  expect(await run("if ((await prom('up')).length === 0) ruleOut('it is 0')", url)).toMatch(why)
})

test('prom() in a block fails before the time of its step is over, where Prometheus takes a question and never answers', async () => {
  const server = createServer(() => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  expect(await run("await prom('up')", url)).toMatch(/^s0 failed at 4:\d+: Error: \S+ does not answer: /)
})

/** How a page of this one block ended. */
async function run(code: string, prometheusUrl = prometheus.url): Promise<string | undefined> {
  const page = `## Checks\n### s0\n\`\`\`ts\n${code}\n\`\`\`\n`
  const { events } = await runs.run(page, { environment: { prometheusUrl } })
  return tell(events).findLast(line => line.startsWith('s0 '))
}
