import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as zx from 'zx'
import { provideRuns } from '../../runner/provide-runs.ts'
import { tell } from '../../runner/run-page.ts'

const runs = provideRuns()

/** What each of a page's steps, one a block, said and how it ended. */
async function run(codes: readonly string[], options: Parameters<typeof runs.run>[1] = {}): Promise<string[]> {
  const steps = codes.map((code, index) => `### s${index}\n\`\`\`ts\n${code}\n\`\`\`\n`)
  const { events } = await runs.run(`## Checks\n${steps.join('')}`, options)
  return tell(events).filter(line => /^s\d (?!started)/.test(line))
}

describe('a value', () => {
  test.each([
    ['return { a: 1, b: [true, null], c: undefined }', 's0 passed {"a":1,"b":[true,null]}'],
    ['if (process.pid > 0) return\nreturn 1', 's0 passed'],
    ['return { a: -0, d: Object.create(null) }', 's0 passed {"a":0,"d":{}}'],
    ['return (await $`echo hi`.quiet()).stdout', 's0 passed "hi\\n"'],
  ])('%s', async (code, said) => {
    expect((await run([code])).at(-1)).toBe(said)
  })

  test('is refused where it would be handed on as something else', async () => {
    const codes = ['return { percent: 0 / 0 }', 'return (await $`echo hi`.quiet())', 'await evidence("at", new Date())']
    expect((await run(codes)).filter(line => / (?:passed|failed)/.test(line))).toEqual([
      's0 failed: TypeError: value.percent is NaN, which cannot be handed on: give null or a text for what is no number',
      's1 failed: TypeError: value is a ProcessOutput, which cannot be handed on: give its .stdout',
      's2 failed at 12:7: TypeError: at is a Date, which cannot be handed on: give .toISOString() of it',
    ])
  })
})

test('everything of zx is in scope, and the block’s own', async () => {
  const names = [...Object.keys(zx).filter(name => name !== 'default' && name !== 'module.exports'), 'require']
  const code = `return ${JSON.stringify(names)}.filter(name => !(name in globalThis) || globalThis[name] === undefined)`
  expect(await run([code])).toEqual(['s0 passed []'])
  expect(
    await run(['return [typeof fs.readFileSync, typeof (await import("node:os")).hostname, typeof glob]']),
  ).toEqual(['s0 passed ["function","function","function"]'])
})

describe('errors are at the page’s own place', () => {
  test.each([
    ['plain', '## Checks\n### one\n```ts\nconst x: string = `a`\n  throw new Error(x)\n```\n', 'at 5:9: Error: a'],
    [
      'in a list',
      '## Checks\n### one\n- see\n\n  ```ts\n  interface A { a: number }\n  const a: A = { a: 1 }\n  throw new TypeError(String(a.a))\n  ```\n',
      'at 8:9: TypeError: 1',
    ],
    [
      'in a quote, after emoji',
      '## Checks\n### one\n> 🙂\n> ```ts\n> const s = "🙂🙂"; throw new Error(s)\n> ```\n',
      'at 5:27: Error: 🙂🙂',
    ],
    [
      'with CRLF',
      '## Checks\r\n### one\r\n```ts\r\nconst a = 1\r\nthrow new Error(String(a))\r\n```\r\n',
      'at 5:7: Error: 1',
    ],
    [
      'a command',
      '## Checks\n### one\n```ts\nconst a = 1\nawait $`exit 3`\n```\n',
      'at 5:8: a command ended with exit code 3',
    ],
    [
      'a syntax error',
      '## Checks\n### one\n```ts\nconst a = 1\nconst b = = 2\n```\n',
      'at 5:11: SyntaxError: Unexpected token',
    ],
    [
      'a syntax error after emoji',
      '## Checks\n### one\n```ts\nconst a = "🙂é"; const b = = 2\n```\n',
      'at 4:28: SyntaxError: Unexpected token',
    ],
    [
      'in a function that is awaited',
      '## Checks\n### one\n```ts\nasync function f() {\n  await null\n  throw new Error("x")\n}\nawait f()\n```\n',
      'at 6:9: Error: x',
    ],
  ])('%s', async (_, page, place) => {
    const { events } = await runs.run(page)
    expect(tell(events).find(line => line.startsWith('one failed'))).toBe(`one failed ${place}`)
  })

  test.each([
    [
      'throw new Error("a", { cause: new TypeError("b", { cause: "c" }) })',
      'Error: a, caused by TypeError: b, caused by c',
    ],
    [
      'throw new AggregateError([new Error("a"), "b", new AggregateError([new Error("c")])])',
      'AggregateError [Error: a; b; AggregateError [Error: c]]',
    ],
    [
      'await Promise.any([Promise.reject(new Error("a")), $({ quiet: true })`exit 3`])',
      'AggregateError: All promises were rejected [Error: a; a command ended with exit code 3]',
    ],
    ['const e: any = new Error("a"); e.cause = e; throw e', 'Error: a, caused by …'],
    ['throw new Error("a: b", { cause: new Error("b") })', 'Error: a: b'],
    ['throw new Error("a", { cause: { code: 7 } })', 'Error: a, caused by { code: 7 }'],
    ['throw new AggregateError(Array.from({ length: 30 }, (_, n) => n), "many")', /AggregateError: many \[0; 1; .*…/],
  ])('what an error is made of is told: %s', async (code, said) => {
    const text = (await run([code])).at(-1)?.replace(/^s0 failed(?: at [\d:]+)?: /, '')
    expect(text).toMatch(said)
    if (typeof said === 'string') expect(text).toBe(said)
  })

  test('what is thrown need not be an error', async () => {
    const bare = 'Object.assign(Object.create(null), { error: "denied" })'
    const awkward = 'Object.defineProperty(new Error(), "message", { get() { throw new Error("no") } })'
    expect(
      await run(['throw "text"', 'throw undefined', 'throw { a: 1 }', `throw ${bare}`, `throw ${awkward}`]),
    ).toEqual([
      's0 failed: text',
      's1 failed: undefined',
      's2 failed: { a: 1 }',
      's3 failed: [Object: null prototype] { error: "denied" }'.replaceAll('"', "'"),
      's4 failed: what it threw cannot be printed',
    ])
  })
})

test.each([
  [
    'a rejection that nobody handles',
    'Promise.reject(new Error("lost")); await new Promise(r => setTimeout(r, 5000))',
    's0 failed at 4:16: Error: lost',
  ],
  [
    'an error thrown by a timer',
    'setTimeout(() => { throw new Error("late") }, 1); await new Promise(r => setTimeout(r, 5000))',
    's0 failed at 4:26: Error: late',
  ],
])('%s fails the block', async (_, code, said) => {
  expect(await run([code, 'return 1'])).toEqual([said, 's1 passed 1'])
})

test('what a block leaves behind does not speak in the next one’s name', async () => {
  const first = 'AbortSignal.timeout(5).onabort = () => console.log("stray")'
  const second =
    'console.log("own"); await new Promise(r => setTimeout(r, 300)); return process.cwd() === (await $`pwd`).stdout.trim()'
  const said = await run([`${first}; cd("/"); $.prefix = "exit 9;"; $.verbose = false`, second])
  // Of the first block it may still be heard, when that takes long to end.
  expect(said.filter(line => line !== 's0 stdout: stray\n')).toEqual([
    's0 passed',
    's1 stdout: own\n',
    's1 stderr: $ pwd\n',
    `s1 stdout: ${runs.root}\n`,
    's1 passed true',
  ])
})

test('nobody can be asked: a step has no terminal', async () => {
  const { events } = await runs.run('## Checks\n### one\n```ts\nreturn await question("name? ")\n```\n')
  expect(events.find(event => event.type === 'step.finished')?.error).toMatchObject({
    message: 'Error: question() asks in a terminal, and a step has no terminal',
    line: 4,
    hint: expect.stringContaining('A step has no terminal'),
  })
})

test('cd moves the block’s commands', async () => {
  expect(await run(['cd("/usr"); return [process.cwd(), (await $`pwd`).stdout]'])).toEqual([
    's0 stderr: $ pwd\n',
    's0 stdout: /usr\n',
    's0 passed ["/usr","/usr\\n"]',
  ])
})

test('output of the block and of its commands keeps its order, a megabyte of it, up to the end', async () => {
  const code =
    'console.log("one"); await $`echo two; echo no >&2`; process.stdout.write("three\\n"); process.stdout.write("x".repeat(1e6) + "end")'
  const { events, folder } = await runs.run(`## Checks\n### one\n\`\`\`ts\n${code}\n\`\`\`\n`)
  const kept = events.find(event => event.type === 'step.output-kept')
  const said = readFileSync(join(folder, kept?.file ?? ''), 'utf8')
  expect(said).toMatch(/^one\n/)
  expect(said).toContain('two')
  expect(said).toMatch(/three\nx{1000000}end$/)
})

describe('verbs', () => {
  const page = (code: string) =>
    `---\nalerts: [A]\n---\n## Diagnose\n### one\n\`\`\`ts\n${code}\n\`\`\`\n## Mitigate\n### mend\n\`\`\`bash\ntrue\n\`\`\`\n## Verify\n### ok\n\`\`\`bash\ntrue\n\`\`\`\n`
  const one = async (code: string, options: Parameters<typeof runs.run>[1] = {}) =>
    tell((await runs.run(page(code), options)).events).filter(line => /^one (?!started)/.test(line))

  test('suggest points to a step of Mitigate, and to no other', async () => {
    expect(await one('suggest("mend", "it is\\nbroken")')).toEqual(['one suggests mend: it is\nbroken', 'one passed'])
    expect(await one('suggest("ok", "why")')).toEqual([
      'one failed at 7:1: TypeError: suggest: this page has no step ok in Mitigate (it has: mend)',
    ])
  })

  test('ruleOut and skip end the block, even if its own code catches', async () => {
    expect(await one('try { ruleOut("no") } catch {}\nreturn 1')).toEqual(['one ruled-out: no'])
    expect(await one('await Promise.all([1].map(async () => skip("nothing to see"))).catch(() => {})')).toEqual([
      'one skipped: nothing to see',
    ])
  })

  test('steps gives values, and blocks a step that reads one that is not there', async () => {
    const said = await run([
      'return { percent: 97 }',
      'return steps.s0.percent + 1',
      'throw 1',
      'try { return steps.s2 } catch { return 2 }',
      'return steps.nowhere',
      'return steps.constructor',
    ])
    expect(said).toEqual([
      's0 passed {"percent":97}',
      's1 passed 98',
      's2 failed: 1',
      's3 blocked: the step s2 gave no value',
      's4 failed at 20:14: TypeError: this page has no step nowhere (it has: s0, s1, s2, s3, s4, s5)',
      's5 failed at 24:14: TypeError: this page has no step constructor (it has: s0, s1, s2, s3, s4, s5)',
    ])
  })

  test('expect shows the difference', async () => {
    expect((await one('expect({ a: 1 }).toEqual({ a: 2 })'))[0]).toMatch(/^one failed at 7:18: Error: .*toEqual/)
  })

  test('evidence keeps values and files', async () => {
    writeFileSync(join(runs.root, 'log.txt'), 'lines')
    const { events, folder } = await runs.run(
      page(
        'await evidence("count", { n: 3 }); await evidence("text", "some"); await evidence("a log", { file: "log.txt" })',
      ),
    )
    expect(tell(events).filter(line => line.includes('evidence'))).toEqual([
      'one evidence {"name":"count","value":{"n":3}}',
      'one evidence {"name":"text","file":"evidence/one/text"}',
      'one evidence {"name":"a log","file":"evidence/one/a-log"}',
    ])
    expect(readdirSync(join(folder, 'evidence/one'))).toEqual(['a-log', 'text'])
    expect(readFileSync(join(folder, 'evidence/one/a-log'), 'utf8')).toBe('lines')
  })

  test('waitFor waits for something true, and says what did not come', async () => {
    expect(await one('let n = 0; return waitFor(() => ++n > 3 && n, { every: 5 })')).toEqual(['one passed 4'])
    expect((await one('await waitFor(() => false, { timeout: "50ms", every: 10, what: "the tide" })'))[0]).toMatch(
      /Error: the tide did not come within 0.05 s/,
    )
  })

  test('assertHost', async () => {
    expect(await one(`assertHost(${JSON.stringify(hostname())}); assertHost()`)).toEqual(['one passed'])
    expect((await one('assertHost()', { environment: { hosts: ['elsewhere'] } }))[0]).toMatch(
      new RegExp(`Error: this machine is ${hostname()}, not elsewhere`),
    )
  })

  test('secret, prom and http say what is missing', async () => {
    expect((await one('secret("token")'))[0]).toMatch(/there is no secret token for a step of this risk/)
    expect((await one('await prom("up")'))[0]).toMatch(/this environment has no Prometheus/)
    expect((await one('await http("http://127.0.0.1:1/", { timeout: "2s" })'))[0]).toMatch(
      /http:\/\/127.0.0.1:1\/ did not answer: /,
    )
  })
})

test('the block’s environment is the allow-list, not the runner’s', async () => {
  process.env.HANDBOOK_TEST_LEAK = 'leak'
  const code =
    'return [process.env.HANDBOOK_TEST_LEAK ?? null, (await $`env | grep HANDBOOK_TEST || true`).stdout, Object.keys(process.env).includes("HB_REPORTS")]'
  expect(await run([code])).toEqual(['s0 stderr: $ env | grep HANDBOOK_TEST || true\n', 's0 passed [null,"",false]'])
  delete process.env.HANDBOOK_TEST_LEAK
})
