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
