import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook } from './handbook.ts'
import { check, page, proveIn } from './prove-pages.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())
const prove = (...args: readonly string[]) => proveIn(handbook, ...args)

const MARKED = `mark="marked-$RANDOM-$RANDOM"
curl -s -o /dev/null "$TARGET_URL/uploads/$mark"
for try in 1 2 3 4 5 6 7 8 9 10; do
  hb service api logs | grep -q "$mark" && exit 0
  sleep 0.2
done
exit 1`
const COUNTED = `ask() { curl -s -H "Authorization: Bearer $READ_KEY" "$@"; }
count() { ask -f "$TARGET_METRICS_URL" | awk '/^upload_bridge_http_requests_total.*code="404"/ { sum += $2 } END { print sum + 0 }'; }
before=$(count)
ask -o /dev/null "$TARGET_URL/uploads/nothing"
[ "$(count)" -gt "$before" ]`

describe('what is done to a deployment', () => {
  test('proves checks in a lab of its own, and tells one that cannot fail', { timeout: 300_000 }, async () => {
    handbook.write('handbook.yaml', handbook.lab + LAB)
    cpSync('static/monitoring', join(handbook.cwd, 'static/monitoring'), { recursive: true })
    handbook.write('docs/readiness/log.md', page('log', check('line', 'item=log-1 breaks=quiet-logs', MARKED)))
    const counted = check('counted', 'item=health-3 breaks=uncounted-requests', COUNTED)
    const blind = check('blind', 'item=health-1 breaks=uncounted-requests,quiet-logs', 'curl -sf "$TARGET_URL/livez"')
    handbook.write('docs/readiness/health.md', page('health', counted, blind))
    const { checks, mutations, exitCode } = await prove()
    expect(exitCode).toBe(1)
    expect(mutations).toMatchObject([
      { mutation: 'quiet-logs', proven: false, changed: [{ id: 'line', from: 'passed', to: 'failed' }] },
      { mutation: 'uncounted-requests', proven: false, changed: [{ id: 'counted', from: 'passed', to: 'failed' }] },
    ])
    for (const { reasons } of mutations)
      expect(reasons).toEqual([expect.stringMatching(/^#blind .* passed all the same/)])
    expect(checks.map(({ proven }) => proven)).toEqual([false, false, false])
    expect(existsSync(join(handbook.cwd, '.handbook/lab'))).toBe(false)

    handbook.write('docs/readiness/health.md', page('health', counted))
    expect(await prove()).toMatchObject({ exitCode: 0, checks: [{ proven: true }, { proven: true }] })
  })
})

const LAB = `url: https://x.example
rules: [static/monitoring]
services: [api, worker]
target: { url: { type: string, description: where }, metricsUrl: { type: string, description: metrics } }
secrets: { readKey: { for: read, description: reads } }
environments: { lab: { lab: true } }
`
