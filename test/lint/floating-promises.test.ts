import { describe, expect, it } from 'vitest'
import { type CheckedText, checkText, checkTexts, guide, ts } from './check-text.ts'

/** What blocks of these tests use. */
const GIVEN = `const list = ['a', 'b']
async function look(name: string): Promise<boolean> { return (await http(name)).status === 200 }
const ready = async () => look('a');
`

/** The places that a check names and the marks, and the rules that it names. */
async function check(code: string) {
  return withRules(await checkText(pageOf(code)))
}

const pageOf = (code: string) => guide(ts(GIVEN + code))

function withRules({ problems, places, marks }: CheckedText) {
  return { places, marks, rules: [...new Set(problems.map(({ rule }) => rule))], problems }
}

/** Checks many blocks together, when the first of them is asked for. */
function checkTogether(cases: readonly (readonly [name: string, code: string])[]) {
  let checked: ReturnType<typeof checkTexts> | undefined
  return async (code: string) => {
    checked ??= checkTexts(cases.map(([, code]) => pageOf(code)))
    const text = (await checked).get(pageOf(code))
    if (text === undefined) throw new Error(`not checked: ${code}`)
    return withRules(text)
  }
}

describe('a promise that nothing waits for is found at its place', () => {
  const CODES: readonly (readonly [name: string, code: string])[] = [
    ['a call alone', "⟪look('a')"],
    ['a verb', "⟪evidence('a', 1)"],
    ['a condition of waitFor', "⟪waitFor(ready, { timeout: '5s' })"],
    ['a command', '⟪$`true`'],
    ['a command with options', '⟪$({ nothrow: true })`true`.quiet()'],
    ['a new promise', '⟪new Promise(resolve => setTimeout(resolve, 10))'],
    ['then to a promise around it, without failures', 'await new Promise(yes => { ⟪ready().then(yes) })'],
    ['then that only hands failures on', 'await new Promise<void>((yes, no) => { ⟪ready().then(echo, no); yes() })'],
    ['catch that hands nothing on', 'await new Promise((yes, no) => { ⟪ready().then(yes).catch(echo) })'],
    ['then to a promise that nothing waits for', '⟪new Promise((yes, no) => { ready().then(yes, no) })'],
    ['then to functions of its own', 'const yes = () => {}\n⟪ready().then(yes, yes)'],
    ['an import', "⟪import('node:os')"],
    ['void', "void ⟪look('a')"],
    ['in brackets', "(⟪look('a'))"],
    ['a field of a class', "class A { x = ⟪look('a') }\necho(new A())"],
    ['a private field', "const o = new (class { #p = ⟪look('a'); get() { return 1 } })()\necho(o.get())"],
    ['a static field', "class A { static x = ⟪look('a') }\necho(A)"],
    ['a getter of a class', "class A { get x() { return look('a') } }\n⟪new A().x"],
    ['a getter of an object', "const o = { get x() { return look('a') } }\n⟪o.x"],
    ['a getter by its name in quotes', "const o = { get x() { return look('a') } }\nvoid ⟪o['x']"],
    ['the rest of a call', "function f(..._: unknown[]) {}\nf(...[⟪look('a')])"],
    ['an argument that nobody looks at', "const f = (p: Promise<boolean>) => 1\nf(⟪look('a'))"],
    ['a default of a parameter', "function f(x = ⟪look('a')) { return 1 }\nf()"],
    ['a default of what is taken apart', "const { p = ⟪look('a') } = {} as { p?: Promise<boolean> }"],
    ['a thenable', 'const mk = (): PromiseLike<number> => ({ then() { return this as never } })\n⟪mk()'],
    ['a tag', 'const tag = async (s: TemplateStringsArray) => 1\n⟪tag`x`'],
    [
      'in a text of a tag that drops it',
      "const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw[0]\ntag`a ${⟪look('a')} b`",
    ],
    ['in a raw text', "echo(String.raw`a ${⟪look('a')}`)"],
    ['a comma', "⟪look('a'), ⟪look('b')"],
    ['one of two', "list.length ? ⟪look('a') : ⟪look('b')"],
    ['an optional call', '⟪ready?.()'],
    ['only its keys', "const o = { p: ⟪look('a') }\necho(Object.keys(o))"],
    ['thrown', "throw ⟪look('a')"],
    ['then', "⟪look('a').then(ok => echo(ok))"],
    ['catch', "⟪look('a').catch(() => {})"],
    ['catch, twice', "const p = look('a')\n⟪p.catch(() => {})\n⟪p.catch(() => {})"],
    [
      'a function that keeps what it gives, and nobody waits',
      "const all: Promise<boolean>[] = []\nfunction start() { const p = look('a'); all.push(p); return p }\n⟪start()",
    ],
    ['finally', "⟪look('a').finally(() => {})"],
    ['catch of a variable that is named once', "const p = look('a')\n⟪p.catch(() => {})"],
    ['a variable that is never awaited', "const p = ⟪look('a')"],
    ['a variable that is only looked at', "const p = ⟪look('a')\necho(p)\nconsole.log(typeof p)\nif (!list) p"],
    ['a variable given to another', "const p = ⟪look('a')\nconst q = p\nconst r = q"],
    ['two variables that give themselves to each other', "let p = ⟪look('a')\nlet q = p\np = q"],
    ['a variable that is assigned later', "let p: Promise<boolean> | undefined\np = ⟪look('a')"],
    ['a variable that is assigned only where there is none', "let p: Promise<boolean> | undefined\np ??= ⟪look('a')"],
    ['in a conditional', "list.length > 1 ? ⟪look('a') : ⟪look('b')"],
    ['in a condition', "const n = ⟪look('a') ? 1 : 2\nreturn n"],
    ['in an if', "if (⟪look('a')) echo('x')"],
    ['negated', "if (!⟪look('a')) echo('x')"],
    ['in a while', "while (⟪look('a')) break"],
    ['compared', "echo(String(⟪look('a') === (await look('b') as unknown)))"],
    ['behind &&', "list.length > 1 && ⟪look('a')"],
    ['behind ||', "list.length > 1 || ⟪look('a')"],
    ['behind ??', "params ?? ⟪look('a')"],
    ['before a comma', "const x = (⟪look('a'), 1)\nreturn x"],
    ['behind a comma', "1 as number, ⟪look('a')"],
    ['an async function called at once', "⟪(async () => { await look('a') })()"],
    ['an async function called at once, in the old way', "⟪(async function () { await look('a') })()"],
    ['a function that gives a promise', "function go() { return look('a') }\n⟪go()"],
    ['a function that may be missing', 'const f: typeof ready | undefined = list[0] ? ready : undefined\n⟪f?.()'],
    ['Promise.all', "⟪Promise.all([look('a'), look('b')])"],
    ['Promise.all of map', '⟪Promise.all(list.map(async name => look(name)))'],
    ['Promise.all that is kept', "const all = ⟪Promise.allSettled([look('a')])"],
    ['a map alone', '⟪list.map(async name => { await look(name) })'],
    ['a map with a named function', '⟪list.map(look)'],
    ['a map that is kept', 'const all = ⟪list.map(look)\necho(all.length)'],
    ['an awaited list', 'await ⟪list.map(look)'],
    ['an awaited list that is kept', 'const [a] = await ⟪list.map(look)\nreturn { n: list.length }'],
    ['a filter after a map', '⟪list.map(look).filter(Boolean)'],
    ['Array.from', '⟪Array.from(list, look)'],
    ['in a list', "const all = [⟪look('a'), ⟪look('b')]\necho(all.length)"],
    ['in an object', "const both = { a: ⟪look('a'), b: 1 }\necho(both.b)"],
    ['in a Map', "const both = new Map([['a', ⟪look('a')]])\necho(both.size)"],
    ['pushed into a list', 'const all: Promise<boolean>[] = []\nfor (const name of list) all.push(⟪look(name))'],
    ['added to a Set', "const all = new Set<Promise<boolean>>()\nall.add(⟪look('a'))"],
    ['assigned to a property', "const both: { a?: Promise<boolean> } = {}\nboth.a = ⟪look('a')"],
    ['returned in a list', 'return ⟪list.map(look)'],
    ['returned in an object', "return { a: ⟪look('a') }"],
    ['in a text', "echo(`${⟪look('a')}`)"],
    ['printed', "console.log(⟪look('a'))"],
    ['in a function inside', "const go = async () => { ⟪look('a') }\nawait go()"],
    ['in a loop', 'for (const name of list) ⟪look(name)'],
    ['in the head of a loop', "for (let i = 0; i < 2; i++, ⟪look('a')) echo(i)"],
    ['in a loop over promises', "for (const p of [⟪look('a')]) echo('x')"],
    ['in catch', "try { await look('a') } catch { ⟪look('b') }"],
    ['expect', "⟪expect(look('a')).resolves.toBe(true)"],
    ['the exit code of a command', '⟪$`true`.exitCode'],
    ['within', "⟪within(async () => { await look('a') })"],
    ['over several lines, at its first', "⟪look('a')\n  .then(() => look('b'))\n  .catch(() => false)"],
  ]
  const checkOf = checkTogether(CODES)
  it.each(CODES)('%s', async (_, code) => {
    const { places, marks, rules, problems } = await checkOf(code)
    expect(places, JSON.stringify(problems)).toEqual(marks)
    expect(rules).toEqual(['floating-promise'])
  })
})

describe('a function that gives a promise to somebody who ignores it is found', () => {
  const CODES: readonly (readonly [name: string, code: string])[] = [
    ['forEach', 'list.forEach(⟪async name => { await look(name) })'],
    ['forEach with a short function', 'list.forEach(⟪name => look(name))'],
    ['forEach with a named function', 'list.forEach(⟪look)'],
    ['forEach with a block', 'list.forEach(⟪name => { return look(name) })'],
    ['setTimeout', 'setTimeout(⟪async () => { await ready() }, 10)'],
    ['setInterval', 'clearInterval(setInterval(⟪ready, 10))'],
    ['setImmediate', 'setImmediate(⟪async () => { await ready() })'],
    ['queueMicrotask', 'queueMicrotask(⟪async () => { await ready() })'],
    ['process.nextTick', 'process.nextTick(⟪async () => { await ready() })'],
    ['on', "process.on('SIGUSR2', ⟪async () => { await ready() })"],
    ['once', "process.once('SIGUSR2', ⟪ready)"],
    ['filter', 'return list.filter(⟪async name => look(name))'],
    ['some', 'return { some: list.some(⟪look) }'],
    ['find', 'return { one: list.find(⟪async name => await look(name)) ?? null }'],
    ['new Promise', 'await new Promise<void>(⟪async resolve => { await ready(); resolve() })'],
    [
      'a server',
      "const { createServer } = await import('node:http')\ncreateServer(⟪async (_, answer) => { await ready(); answer.end() })",
    ],
    ['a variable', 'const go: () => void = ⟪async () => { await ready() }\ngo()'],
    ['forEach of a Map', "new Map([['a', 1]]).forEach(⟪async (_, name) => { await look(name) })"],
  ]
  const checkOf = checkTogether(CODES)
  it.each(CODES)('%s', async (_, code) => {
    const { places, marks, rules, problems } = await checkOf(code)
    expect(places, JSON.stringify(problems)).toEqual(marks)
    expect(rules).toEqual(['floating-promise'])
  })

  it('and so is reduce whose last promise is kept by nobody', async () => {
    const { places, marks } = await check(
      'const sum = ⟪list.reduce(async (all, name) => (await all) && look(name), Promise.resolve(true))',
    )
    expect(places).toEqual(marks)
  })
})

describe('nothing is said of what is waited for', () => {
  const CODES: readonly (readonly [name: string, code: string])[] = [
    ['in a text of a command', "await $`echo ${look('a')}`"],
    [
      'in a text of a tag that waits',
      "const tag = (s: TemplateStringsArray, v: Promise<boolean>) => v\nawait tag`a ${look('a')} b`",
    ],
    [
      'in a text of a foreign tag',
      "const { tag } = list as unknown as { tag: (s: TemplateStringsArray, v: unknown) => number }\necho(tag`${look('a')}`)",
    ],
    ['await', "await look('a')"],
    ['return', "return look('a')"],
    ['return of a variable', "const p = look('a')\nreturn p"],
    ['a variable that is awaited later', "const p = look('a')\nawait ready()\nreturn { ok: await p }"],
    ['a variable that is awaited in one branch', "const p = look('a')\nif (list.length > 1) await p"],
    [
      'a variable that is assigned and awaited',
      "let p: Promise<boolean> | undefined\nif (list[0]) p = look('a')\nawait p",
    ],
    ['an assignment that is awaited', "let p\nawait (p = look('a'))\necho('x')"],
    ['Promise.all', "await Promise.all([look('a'), look('b')])"],
    ['Promise.all of map', 'await Promise.all(list.map(async name => look(name)))'],
    [
      'Promise.all of variables',
      "const a = look('a')\nconst b = look('b')\nconst [x, y] = await Promise.all([a, b])\nreturn { x, y }",
    ],
    ['a list', 'const all = list.map(look)\nawait Promise.all(all)'],
    [
      'a list that is filled',
      'const all: Promise<boolean>[] = []\nfor (const name of list) all.push(look(name))\nawait Promise.all(all)',
    ],
    ['a list that is gone through', 'const all = list.map(look)\nfor (const one of all) echo(await one)'],
    ['for await', "for await (const ok of [look('a'), look('b')]) echo(ok)"],
    ['an element', "const all = [look('a')]\nawait all[0]"],
    ['a spread', "const all = [look('a')]\nawait Promise.race([...all, look('b')])"],
    ['an object', "const both = { a: look('a'), b: look('b') }\nawait both.a\nawait both.b"],
    ['a property that is assigned', "const both: { a?: Promise<boolean> } = {}\nboth.a = look('a')\nawait both.a"],
    ['a shorthand', "const a = look('a')\nconst both = { a }\nawait both.a"],
    ['a Map', "const both = new Map([['a', look('a')]])\nawait Promise.all(both.values())"],
    ['catch', "await look('a').catch(() => false)"],
    ['catch of a variable', "const p = look('a')\nawait p.catch(() => false)"],
    ['then of an async function', "await look('a').then(async ok => { await look(String(ok)) })"],
    ['finally of an async function', "await look('a').finally(async () => { await ready() })"],
    ['within', "await within(async () => { await look('a') })"],
    ['waitFor', 'await waitFor(async () => { await ready(); return true })'],
    ['retry', 'await retry(3, async () => { await ready() })'],
    ['a verb that gives nothing', "assertHost()\nexpect(1).toBe(1)\nif (list.length > 2) ruleOut('x')"],
    ['a text', 'echo(`${await ready()}`)'],
    ['a command in a command', 'await $`echo ${$`true`}`'],
    ['a pipe', 'await $`echo a`.pipe($`cat`)'],
    ['a command that is ended', 'const server = $`sleep 9`.nothrow()\nawait server.kill()'],
    ['a command without waiting', '$.sync`true`'],
    ['what a command prints', 'const { stdout } = await $`true`.quiet().nothrow()\nreturn { stdout }'],
    ['a conditional', "await (list.length > 1 ? look('a') : look('b'))"],
    ['behind &&', "await (list.length > 1 && look('a'))\nreturn list.length > 1 ? ready() : null"],
    ['a condition', "if (await look('a')) echo('x')"],
    ['a function that is called', "const go = () => look('a')\nawait go()"],
    ['an async function called at once', "await (async () => { await look('a') })()"],
    ['a function in an object', "const all = { ready, look: async () => look('a') }\nawait all.look()"],
    ['a list of functions', 'for (const go of [ready, ready]) await go()'],
    ['map with a plain function', 'return { all: list.map(name => name.length) }'],
    ['sort, filter, forEach', "list.sort().filter(name => name !== 'a').forEach(name => echo(name))"],
    ['expect', "await expect(look('a')).resolves.toBe(true)"],
    ['reduce', 'return await list.reduce(async (all, name) => (await all) && look(name), Promise.resolve(true))'],
    ['setTimeout', 'await new Promise<void>(resolve => setTimeout(() => resolve(), 10))'],
    ['sleep', 'await sleep(1)'],
    ['then to a promise around it', 'await new Promise((yes, no) => { ready().then(yes, no) })'],
    ['then and catch to a promise around it', 'await new Promise((yes, no) => { ready().then(yes).catch(no) })'],
    [
      'a function that settles a promise around it',
      'await new Promise<string>((yes, no) => void ready().then(ok => yes(String(ok)), no))',
    ],
    ['an import', "const os = await import('node:os')\nreturn { host: os.hostname() }"],
    ['what could be anything', "const anything = JSON.parse('{}')\nanything.go()\nlist.forEach(anything)"],
    ['any steps', 'const value: any = 1\nvalue.then(1)'],
    ['a promise of a promise’s function', "const later = ready().then(() => look('a'))\nreturn later"],
    ['catch of a variable that is awaited, too', "const p = look('a')\np.catch(() => {})\nawait p"],
    [
      'a function that keeps what it gives',
      "const all: Promise<boolean>[] = []\nfunction start() { const p = look('a'); all.push(p); return p }\nstart()\nawait Promise.all(all)",
    ],
    ['a class', "class Looker { go = look('a'); async ok() { return this.go } }\nawait new Looker().ok()"],
    [
      'a generator',
      "async function* all() { yield look('a'); yield look('b') }\nfor await (const ok of all()) echo(ok)",
    ],
  ]
  const checkOf = checkTogether(CODES)
  it.each(CODES)('%s', async (_, code) => {
    const { problems } = await checkOf(code)
    expect(problems).toEqual([])
  })
})

it('is said once, also where TypeScript has something to say', async () => {
  const { problems } = await checkText(guide(ts("const ok = async () => true\nif (ok()) echo('x')")))
  expect(problems).toHaveLength(1)
})

it('is found in a block with imports, with a type error and in a second block', async () => {
  const { problems, places, marks } = await checkText(
    guide(ts("import os from 'node:os'\n⟪http(os.hostname())"), ts("echo(⟪nope)\n⟪http('x')"), ts("⟪http('y')")),
  )
  expect(places).toEqual(marks)
  expect(problems.map(({ rule }) => rule)).toEqual([
    'floating-promise',
    'types',
    'floating-promise',
    'floating-promise',
  ])
})
