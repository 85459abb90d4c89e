import { describe, expect, test } from 'vitest'
import { findLiving, makeMarker } from './living.ts'
import { provideCodes } from './provide-codes.ts'

const { run, fill } = provideCodes()

const VERBS: readonly [code: string, place: string, verb: string][] = [
  ['waitFor(() => false, { every: 5 })', '4:1', 'waitFor'],
  ['const n = 1\n  waitFor(async () => (await http("URL/silent")).status === n)', '5:3', 'waitFor'],
  ['http("URL/silent")', '4:1', 'http'],
  ['void http("URL/silent").then(({ status }) => expect(status).toBe(200))', '4:6', 'http'],
  ['prom("up")', '4:1', 'prom'],
  ['service("api", "status")', '4:1', 'service'],
  ['sleep(60_000)', '4:1', 'sleep'],
  ['return { asleep: sleep("1m") }', '4:18', 'sleep'],
  ['fetch("URL/silent")', '4:1', 'fetch'],
  ['retry(3, "30s", () => { throw new Error("no") })', '4:1', 'retry'],
  ['spinner("so", () => new Promise(() => {}))', '4:1', 'spinner'],
  ['within(async () => { await new Promise(() => {}) })', '4:1', 'within'],
  ['fs.rm("nothing", { recursive: true, force: true })', '4:4', 'fs.rm'],
  ['glob("**/*.none")', '4:1', 'glob'],
  ['await Promise.race([sleep(60_000), http("URL/")])', '4:21', 'sleep'],
  ['sleep("1m"); skip("nothing to see")', '4:1', 'sleep'],
]

const COMMANDS: readonly [code: string, at: string][] = [
  ['$`sleep MARKER`', '`sleep'],
  ['const p = $({ nothrow: true, quiet: true })`sleep MARKER`', '`sleep'],
  ['$`sleep MARKER`.catch(() => undefined)', '`sleep'],
  ['$({ halt: true })`sleep MARKER`.run()', 'run()'],
  ['for await (const line of $`echo a; exec sleep MARKER`.quiet()) break', '`echo'],
  ['within(() => $`sleep MARKER`)', '`sleep'],
  ['const start = () => $`sleep MARKER`; start()', '`sleep'],
  ['ruleOut(`it sleeps: ${$`sleep MARKER`.pid}`)', '`sleep'],
]

describe('a block that leaves something pending fails, by its name and place', () => {
  test.each(VERBS)('%s', async (code, place, verb) => {
    const marker = makeMarker()
    const { text, environment } = fill(marker)
    const said = `s0 failed at ${place}: ${verb} (${place}) was still pending when the block ended: await it`
    expect(await run([text(code), 'return 1'], { environment })).toEqual([said, 's1 passed 1'])
    expect(findLiving(marker)).toEqual([])
  })

  test.each(COMMANDS)('%s', async (code, at) => {
    const marker = makeMarker()
    const { text } = fill(marker)
    const place = `4:${text(code).indexOf(at) + 1}`
    const said = `s0 failed at ${place}: the command in “${text(code)}” (${place}) was still pending when the block ended: await it`
    expect(await run([text(code), 'return 1'])).toEqual([said, 's1 passed 1'])
    expect(findLiving(marker)).toEqual([])
  })

  test('both ends of a pipe, and everything else', async () => {
    const marker = makeMarker()
    const line = `$\`sleep ${marker}\`.pipe\`cat\``
    const pipe = `the command in “${line}”`
    const code = `${line}\n  sleep('1m')`
    expect(await run([code])).toEqual([
      `s0 failed at 4:2: ${pipe} (4:2), ${pipe} (4:${line.indexOf('`cat') + 1}) and sleep (5:3) were still pending when the block ended: await them`,
    ])
    expect(findLiving(marker)).toEqual([])
  })

  test('only so many are named, and no secret that a command was given', async () => {
    const code = `for (const n of [1, 2]) $\`sleep 600 \${secret('token')}\`\nfor (const n of [1, 2]) sleep('1m')\n${'sleep(1e5); '.repeat(6)}`
    const options = {
      environment: { secrets: { token: { env: 'TOKEN', for: 'read' as const } } },
      secrets: { token: 'hush-hush-31337' },
    }
    expect((await run([code], options))[0]).toBe(
      "s0 failed at 4:26: the command in “for (const n of [1, 2]) $`sleep 600 ${secret('token')}`” (4:26), sleep (5:25), sleep (6:1), sleep (6:13), sleep (6:25) and 3 more were still pending when the block ended: await them",
    )
  })

  test('and its own error is told rather than what it left', async () => {
    const marker = makeMarker()
    expect(await run([`$\`sleep ${marker}\`\nthrow new Error('own')`, 'return 1'])).toEqual([
      's0 failed at 5:7: Error: own',
      's1 passed 1',
    ])
    expect(findLiving(marker)).toEqual([])
  })

  test('and rather than what else went wrong', async () => {
    expect(await run(['Promise.reject(new Error("stray")); throw new Error("own")', 'return 1'])).toEqual([
      's0 failed at 4:43: Error: own',
      's1 passed 1',
    ])
  })

  test('a value that is not there blocks it all the same', async () => {
    const marker = makeMarker()
    const codes = ['throw 1', `$\`sleep ${marker}\`\nreturn steps.s0`]
    expect(await run(codes)).toEqual(['s0 failed: 1', 's1 blocked: the step s0 gave no value'])
    expect(findLiving(marker)).toEqual([])
  })
})
