import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'
import { endLiving, findLiving, makeMarker } from './living.ts'

const runs = provideRuns()
/** Answers `/silent` never, `/late` after a while, and everything else at once. */
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = () => response.end('{"status":"success","data":{"result":[]}}')
    if (request.url === '/late') setTimeout(answer, 50)
    else if (!request.url?.startsWith('/silent')) answer()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** How each of a page's ts steps ended, and what it wrote to stdout; the first one's code begins on line 4. */
async function run(
  codes: readonly string[],
  options: Parameters<typeof runs.run>[1] = {},
  meta = '',
): Promise<string[]> {
  const steps = codes.map((code, index) => `### s${index}\n\`\`\`ts ${meta}\n${code}\n\`\`\`\n`)
  const { events } = await runs.run(`## Checks\n${steps.join('')}`, options)
  return tell(events).filter(line => /^s\d+ (?!started|stderr)/.test(line))
}

/** Fills in what a test's code speaks of. */
function fill(marker: string) {
  const environment = { prometheusUrl: `${url}/silent?`, services: { api: { status: `exec sleep ${marker}` } } }
  return {
    environment,
    text: (code: string) => code.replaceAll('URL', url).replaceAll('MARKER', marker),
  }
}

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
  ['fs.promises.readFile("page.md").catch(() => {})', '4:13', 'fs.promises.readFile'],
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

describe('what failed while nothing awaited it fails the block', () => {
  const FAILED: readonly [code: string, place: string, what: string][] = [
    ['waitFor(() => { throw new Error("no") })', '4:1', 'waitFor (4:1) failed, and nothing awaited it: Error: no'],
    [
      'waitFor(async () => (await http("http://127.0.0.1:1/")).status === 200)\nawait sleep("1m")',
      '4:1',
      'waitFor (4:1) failed, and nothing awaited it: Error: http://127.0.0.1:1/ did not answer: bad port',
    ],
    ['evidence("a", { file: "/nowhere" })', '4:1', 'evidence (4:1) failed, and nothing awaited it: Error: ENOENT'],
    ['service("api", "stop")', '4:1', 'service (4:1) failed, and nothing awaited it: Error: a read step may not'],
    [
      '$`exit 3`; await sleep("1m")',
      '4:2',
      'the command in “$`exit 3`; await sleep("1m")” (4:2) failed, and nothing awaited it: a command ended with exit code 3',
    ],
    [
      '$`true`.pipe`exit 4`; await sleep("1m")',
      '4:13',
      'the command in “$`true`.pipe`exit 4`; await sleep("1m")” (4:13) failed, and nothing awaited it: a command ended with exit code 4',
    ],
    [
      '$`exit 3`.timeout("9s")\nawait $`sleep 0.3`; await $`true`',
      '4:2',
      'the command in “$`exit 3`.timeout("9s")” (4:2) failed, and nothing awaited it: a command ended with exit code 3',
    ],
    [
      '$({ timeout: "9s" })`exit 3`\nawait $`sleep 0.3`; skip("so")',
      '4:21',
      'the command in “$({ timeout: "9s" })`exit 3`” (4:21) failed, and nothing awaited it: a command ended with exit code 3',
    ],
    ['$`exit 3`.then(() => 1); await sleep("1m")', '4:2', 'a command ended with exit code 3'],
    ['http("http://127.0.0.1:1/").then(() => 1); await sleep("1m")', '', 'Error: http://127.0.0.1:1/ did not answer'],
  ]
  test.each(FAILED)('%s', async (code, place, what) => {
    const [first, ...rest] = await run([code, 'return 1'])
    expect(first).toContain(`s0 failed${place && ` at ${place}`}: ${what}`)
    expect(rest).toEqual(['s1 passed 1'])
  })
})

describe('a block that leaves something of its own pending fails, by its kind and place', () => {
  const NODE = 'const wait = () => new Promise(r => setTimeout(r, 60_000)); '
  const OWN: readonly [code: string, at: string, what: string][] = [
    ['setTimeout(() => { throw new Error("late") }, 60_000)', 'setTimeout', 'a timer'],
    ['setInterval(() => {}, 60_000)', 'setInterval', 'a timer'],
    [`${NODE}const later = wait()`, 'setTimeout', 'a timer'],
    [`${NODE}void (async () => { await wait(); expect(1).toBe(2) })()`, 'setTimeout', 'a timer'],
    [`${NODE}[1].forEach(async () => { await wait(); throw new Error("late") })`, 'setTimeout', 'a timer'],
    [`${NODE}await Promise.race([wait(), sleep(5)])`, 'setTimeout', 'a timer'],
    [`${NODE}await wait.call; wait(); ruleOut("nothing")`, 'setTimeout', 'a timer'],
    ['require("node:timers/promises").setTimeout(60_000).then(() => { throw 1 })', 'setTimeout', 'a timer'],
    ['require("node:child_process").spawn("sleep", ["MARKER"], { detached: true })', 'spawn', 'a process'],
    [
      'require("node:child_process").exec("sleep MARKER; exit 1", error => { if (error) throw error })',
      'exec("',
      'a process',
    ],
    ['require("node:http").get("URL/silent", () => { throw new Error("late") })', 'get', 'a connection'],
    ['require("node:http").createServer().listen(0)', 'listen', 'a server'],
    ['new (require("node:worker_threads").Worker)("setTimeout(() => {}, 60000)", { eval: true })', 'new (', 'a worker'],
  ]
  test.each(OWN)('%s', async (code, at, what) => {
    const marker = makeMarker()
    const { text } = fill(marker)
    const place = `4:${text(code).indexOf(at) + 1}`
    const said = `s0 failed at ${place}: ${what} (${place}) was still pending when the block ended: await it`
    expect(await run([text(code), 'return 1'])).toEqual([said, 's1 passed 1'])
    expect(findLiving(marker)).toEqual([])
  })

  test.each([
    'require("node:fs").createReadStream("/etc/passwd").on("data", () => { throw new Error("late") })',
    'require("node:fs").readFile("/etc/passwd", () => { throw new Error("late") })',
    'require("node:fs/promises").readFile("/etc/passwd").then(() => { throw new Error("late") })',
    'require("node:dns").lookup("127.0.0.1", () => { throw new Error("late") })',
    'setImmediate(() => setImmediate(() => setImmediate(() => { throw new Error("late") })))',
  ])('what ends by itself is waited for, and so is what it fails with: %s', async code => {
    const [first, ...rest] = await run([code, 'return 1'])
    expect(first).toMatch(/^s0 failed at 4:\d+: Error: late$/)
    expect(rest).toEqual(['s1 passed 1'])
  })
})

describe('what has ended by the end of the block, and was handled, passes', () => {
  const CODES = [
    'const p = $`sleep 0.1`; await http("URL/"); await p',
    'const [a] = await Promise.all([$`true`, sleep(5), http("URL/late"), waitFor(() => true)])',
    '$`exit 3`.catch(() => undefined); await $`sleep 0.3`',
    '$({ nothrow: true })`exit 3`; await $`sleep 0.3`',
    'const p = $`sleep 600`.nothrow(); await p.kill(); await p',
    'const p = $`sleep 600`; const q = p.catch(() => 1); p.kill(); await q',
    'http("http://127.0.0.1:1/").catch(() => undefined); await $`sleep 0.3`',
    'void evidence("count", 1)',
    'const texts = await Promise.all(["a", "b"].map(n => $`echo ${n}`.text()))',
    'await $`echo a`.pipe`cat`.pipe("/dev/null")',
    'await Promise.race([sleep(5), sleep(10)]); await sleep(100)',
    'await within(async () => { await $`true` }); within(() => 1)',
    'await fetch("URL/late").pipe($`cat > /dev/null`)',
    '$.sync`true`; await retry(2, () => $`true`); await spinner(() => $`true`)',
    '$({ halt: true })`sleep 600`',
    'try { $.sync`exit 3` } catch {} await $`sleep 0.1`',
    '$({ timeout: "9s", nothrow: true })`exit 3`; await $`sleep 0.3`',
    '$`exit 3`.timeout("9s").catch(() => 1); await $`sleep 0.3`',
    'await $`exit 3`.timeout("9s").nothrow(); await $`true`',
    'await Promise.allSettled([http("http://127.0.0.1:1/"), $`exit 1`])',
    'for (let n = 0; n < 40; n++) await $`true`.quiet()',
    'await new Promise(r => setTimeout(r, 5))',
    'const timer = setTimeout(() => {}, 60_000); const every = setInterval(() => {}, 9); clearTimeout(timer); clearInterval(every)',
    'setTimeout(() => {}, 60_000).unref()',
    'await require("node:events").once(require("node:child_process").spawn("true"), "exit")',
    'require("node:child_process").spawn("sleep", ["60"]).kill()',
    'await new Promise(r => require("node:http").get("URL/", a => a.resume().on("end", r)))',
    'await new Promise(r => require("node:http").get("URL/", { agent: false }, a => a.resume().on("end", r)))',
    'const a = await fetch("URL/"); expect(a.status).toBe(200)',
    'const s = require("node:fs").createWriteStream("kept"); s.end("a"); await require("node:events").once(s, "finish")',
    'await http("URL/"); await http("URL/late"); await fetch("URL/").then(a => a.text())',
  ]
  let said: Promise<string[]> | undefined

  test.each(CODES.map((code, step) => [code, step] as const))('%s', async (_, step) => {
    said ??= run(CODES.map(code => fill('').text(code)))
    const own = (await said).filter(line => line.startsWith(`s${step} `))
    expect(own.filter(line => !/^s\d+ (?:stdout|evidence)/.test(line))).toEqual([`s${step} passed`])
  })
})

test('a program that the shell starts in the background goes on only where the step says why', async () => {
  const marker = makeMarker()
  const start = `await $\`setsid sleep ${marker} > /dev/null 2>&1 &\``
  expect(await run([start, 'sleep("1m")', 'throw 1'])).toEqual([
    expect.stringMatching(/^s0 failed at 4:1: sleep .* was still running when the block ended, and was ended$/),
    expect.stringMatching(/^s1 failed at 8:1: sleep/),
    's2 failed: 1',
  ])
  expect(endLiving(marker)).toBe(false)
})

test('what a try leaves pending does not reach the next try', async () => {
  const marker = makeMarker()
  const code = `const tries = (await fs.readFile('tries', 'utf8').catch(() => '')) + 'x'
await fs.writeFile('tries', tries)
if (tries === 'xxx') {
  await fs.remove('looks')
  await sleep(200)
  return [tries, await fs.pathExists('looks')]
}
waitFor(() => fs.appendFileSync('looks', 'x'), { every: 10 })
$\`sleep ${marker}; echo late\`
setTimeout(() => console.log('late'), 100)`
  const said = await run([code], {}, 'retries=2 every=1ms')
  expect(
    said.filter(line => /retrying: waitFor \(11:1\) and the command in .* were still pending/.test(line)),
  ).toHaveLength(2)
  expect(said.slice(said.findLastIndex(line => line.includes('retrying')) + 1)).toEqual(['s0 passed ["xxx",false]'])
  expect(findLiving(marker)).toEqual([])
})

describe('what a block that has passed calls later is refused', () => {
  test.each([
    ['$`touch touched`'],
    ['$.sync`touch touched`'],
    ['fs.writeFile("touched", "")'],
    ['fs.writeFileSync("touched", "")'],
    ['evidence("late", 1)'],
    ['suggest("s1", "late")'],
    ['cd("/")'],
    ['process.exit(7)'],
    ['http("URL/").then(() => console.log("late"))'],
    ['sleep(1).then(() => { throw new Error("late") })'],
  ])('%s', async code => {
    const first = `setTimeout(async () => { globalThis.early = true; try { await ${fill('').text(code)}; globalThis.early = 'not refused' } catch (error) { globalThis.refused = error.message } }, 20).unref()`
    const second =
      'await waitFor(() => globalThis.early, { every: 5 }); await sleep(50); return [globalThis.refused, globalThis.early, process.cwd() === "/", await fs.pathExists("touched")]'
    const [, said] = await run([first, second])
    expect(said).toMatch(
      /^s1 passed \["(?:a command|fs\.\w+|evidence|suggest|cd|process\.exit|http|sleep) was called after its block had ended",true,false,false\]$/,
    )
  })
})
