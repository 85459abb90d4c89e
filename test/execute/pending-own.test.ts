import { describe, expect, test } from 'vitest'
import { findLiving, makeMarker } from './living.ts'
import { provideCodes } from './provide-codes.ts'

const { run, fill } = provideCodes()

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
    [
      'require("node:net").connect(Number(/\\d+\\/$/.exec("URL/")[0].slice(0, -1)), "127.0.0.1")',
      'connect(N',
      'a connection',
    ],
    // What Node was told not to go on for is the block's all the same.
    ['setTimeout(() => {}, 60_000).unref()', 'setTimeout', 'a timer'],
    ['setInterval(() => {}, 60_000).unref()', 'setInterval', 'a timer'],
    ['require("node:timers/promises").setTimeout(60_000, 1, { ref: false })', 'setTimeout', 'a timer'],
    [
      'new (require("node:worker_threads").Worker)("setTimeout(() => {}, 60000)", { eval: true }).unref()',
      'new (',
      'a worker',
    ],
    ['require("node:http").createServer().listen(0).unref()', 'listen', 'a server'],
    // What Node computes beside the block.
    ['require("node:zlib").brotliCompress(Buffer.alloc(3e6, "a"), () => {})', 'brotliCompress', 'a compression'],
    ['require("node:zlib").gunzip(Buffer.from("x"), () => {})', 'gunzip', 'a compression'],
    [
      'const f = require("node:fs"); require("node:stream").pipeline(f.createReadStream("/etc/passwd"), require("node:zlib").createGzip(), f.createWriteStream("out.gz"), () => {})',
      'createGzip',
      'a compression',
    ],
    ['require("node:crypto").pbkdf2("a", "b", 1, 9, "sha1", () => {})', 'pbkdf2', 'the derivation of a key'],
    ['require("node:crypto").scrypt("a", "b", 9, () => {})', 'scrypt', 'the derivation of a key'],
    ['require("node:crypto").randomBytes(9, () => {})', 'randomBytes', 'a request for random bytes'],
    ['require("node:crypto").randomInt(9, () => {})', 'randomInt', 'a request for random bytes'],
    ['require("node:crypto").generatePrime(64, () => {})', 'generatePrime', 'the search for a prime'],
    ['require("node:crypto").generateKeyPair("ed25519", {}, () => {})', 'generateKeyPair', 'the generation of a key'],
    ['void crypto.subtle.digest("SHA-256", Buffer.alloc(1e6))', 'digest', 'a hash'],
    ['new (require("node:dns").Resolver)().resolve4("a.invalid", () => {})', 'resolve4', 'a question to a name server'],
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
