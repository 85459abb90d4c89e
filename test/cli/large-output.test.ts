import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write(
    'handbook.yaml',
    `${HANDBOOK}  secretive:
    target: { url: "http://secretive" }
    secrets: { token: { command: echo very-secret-4711, for: read } }
`,
  )
})
afterAll(() => handbook.remove())

/** Prints that many lines of 100 bytes, then the peak memory of the supervisor, its guard and the runner, in kB. */
const page = (lines: number) => `---
title: It prints much
---
## Diagnose
### Print <!-- #print -->
\`\`\`bash
head -n ${lines} < <(yes "$(printf 'x%.0s' {1..99})")
guard=$(awk '/^PPid/ { print $2 }' "/proc/$PPID/status")
runner=$(awk '/^PPid/ { print $2 }' "/proc/$guard/status")
echo "peak $(awk '/VmHWM/ { sum += $2 } END { print sum }' /proc/{$PPID,$guard,$runner}/status)"
\`\`\`
`

async function measure(lines: number, options: readonly string[], environment: string) {
  handbook.write('runbooks/much.md', page(lines))
  const { stdout, stderr } = await handbook.run('run', 'much', '--env', environment, ...options)
  const peak = Number(/peak (\d+)/.exec(stdout)?.[1])
  expect(peak, stdout.slice(-2000) + stderr).toBeGreaterThan(10_000)
  return { stdout, peak: peak / 1024 }
}

test.each([
  ['in the terminal', [], 'staging'],
  ['in the terminal, with a secret to hide', [], 'secretive'],
  ['as events', ['--json'], 'staging'],
] as const)(
  '100 MB of one step, told %s: no more memory, and a screen that can be read',
  async (_, options, environment) => {
    await measure(10, options, environment)
    const small = await measure(10, options, environment)
    const runs = join(handbook.cwd, '.handbook/runs')
    const before = readdirSync(runs)
    const large = await measure(1_048_576, options, environment)
    // What was printed would take 100; how much garbage waits to be collected differs from run to run.
    expect(large.peak - small.peak).toBeLessThan(80)
    expect(large.stdout.length).toBeLessThan(1_000_000)
    if (options.length === 0) expect(large.stdout).toMatch(/┊ … \d+ MB more\n/)
    // Not the last by name: runs of one second have no order.
    const [run = ''] = readdirSync(runs).filter(name => !before.includes(name))
    const ledger = readFileSync(join(runs, run, 'ledger.ndjson'), 'utf8')
    expect(ledger.length).toBeLessThan(1_000_000)
    const kept = readEvents(ledger).find(event => event.type === 'step.output-kept')
    if (kept?.file === undefined) throw new Error('Nothing was kept')
    const file = join(runs, run, kept.file)
    expect(statSync(file)).toMatchObject({ size: kept.bytes, mode: 0o100600 })
    expect(kept.bytes).toBeGreaterThan(100 * 1024 * 1024)
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(kept.sha256)
  },
  240_000,
)
