import { describe, expect, test } from 'vitest'
import { endLiving, findLiving, makeMarker } from './living.ts'
import { provideCodes } from './provide-codes.ts'

const { run, fill } = provideCodes()

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
    'AbortSignal.timeout(60_000)',
    'const timer = setTimeout(() => {}, 60_000).unref(); clearTimeout(timer)',
    'require("node:http").createServer().listen(0).unref().close()',
    'const w = new (require("node:worker_threads").Worker)("1", { eval: true }); w.unref(); await require("node:events").once(w, "exit")',
    'const c = require("node:crypto"); c.pbkdf2Sync("a", "b", 1, 9, "sha1"); c.randomBytes(9); await new Promise(r => c.randomBytes(9, r)); await crypto.subtle.digest("SHA-256", Buffer.from("a"))',
    'const z = require("node:zlib"); z.gzipSync("a"); z.createGzip(); await require("node:util").promisify(z.gzip)("a")',
    'const f = require("node:fs"); await require("node:stream/promises").pipeline(f.createReadStream("/etc/passwd"), require("node:zlib").createGzip(), f.createWriteStream("out.gz"))',
    'await new Promise(r => new (require("node:dns").Resolver)({ timeout: 1, tries: 1 }).resolve4("a.invalid", r))',
    'const p = $`sleep 600`; await p.kill()',
    'const p = $`sleep 600`; p.kill()',
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

test('a command that does not heed its end is pending', async () => {
  const marker = makeMarker()
  const code = `const p = $\`trap "" TERM; echo begun; while true; do sleep ${marker}; done\`\nfor await (const _ of p) break\nawait p.kill()`
  expect((await run([code])).at(-1)).toMatch(/^s0 failed at 4:12: the command in .* was still pending/)
  expect(findLiving(marker)).toEqual([])
})

describe('what a block changes of its process does not reach the next one', () => {
  test.each([
    ['globalThis.left = 1', 'typeof globalThis.left', 'undefined'],
    ['process.umask(0o77)', 'process.umask() === 0o77', false],
    ['globalThis.fetch = () => "left"', 'String(globalThis.fetch).includes("left")', false],
    ['Date.now = () => 1', 'Date.now() > 1', true],
    ['require("node:fs").existsSync = () => "left"', 'require("node:fs").existsSync("/")', true],
    ['fs.existsSync = () => "left"', 'fs.existsSync("/")', true],
    ['process.on("SIGUSR2", () => {})', 'process.listenerCount("SIGUSR2")', 0],
    ['process.env.LEFT = "1"', 'typeof process.env.LEFT', 'undefined'],
    ['process.chdir("/")', 'process.cwd() === "/"', false],
    ['cd("/")', 'process.cwd() === "/"', false],
    ['Array.prototype.left = 1', 'typeof [].left', 'undefined'],
    ['$.prefix = "exit 9;"', '(await $`echo 1`.quiet()).exitCode', 0],
    ['require("node:events").defaultMaxListeners = 3', 'require("node:events").defaultMaxListeners', 10],
    ['require("node:http").globalAgent.maxSockets = 3', 'require("node:http").globalAgent.maxSockets === 3', false],
    ['require("node:dns").setServers(["127.0.0.9"])', 'require("node:dns").getServers().includes("127.0.0.9")', false],
    ['process.title = "left"', 'process.title === "left"', false],
    ['Error.stackTraceLimit = 3', 'Error.stackTraceLimit === 3', false],
    ['Object.freeze(Object.prototype)', 'Object.isFrozen(Object.prototype)', false],
  ])('%s', async (code, asked, answer) => {
    expect((await run([code, `return ${asked}`])).slice(-2)).toEqual([
      's0 passed',
      `s1 passed ${JSON.stringify(answer)}`,
    ])
  })
})

describe('a block that replaces what JavaScript gives still ends as it does', () => {
  test.each([
    'JSON.stringify = () => "{"; Object.prototype.toJSON = () => 3; String.prototype.toJSON = () => 4',
    'Array.prototype.map = Array.prototype.filter = Array.prototype.push = () => { throw new Error("no") }',
    'Promise.prototype.then = () => {}; globalThis.Promise = undefined',
    'Map.prototype.get = Set.prototype.has = Set.prototype.add = WeakMap.prototype.get = undefined',
    'Array.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator] = undefined',
    'Function.prototype.call = Function.prototype.apply = Reflect.apply = undefined',
    'RegExp.prototype.exec = String.prototype.split = Object.keys = () => null',
    'require("node:fs").writeSync = () => 0; Buffer.from = () => "no"; require("node:timers").setImmediate = () => {}',
    'process.getActiveResourcesInfo = () => null; process.on = process.emit = undefined; globalThis.setImmediate = 1',
    'globalThis.JSON = globalThis.Array = globalThis.Map = globalThis.Reflect = undefined',
  ])('%s', async code => {
    const said = await run([`${code}\nreturn 7`, `${code}\nthrow 7`])
    expect(said).toEqual(['s0 passed 7', 's1 failed: 7'])
  })
})
