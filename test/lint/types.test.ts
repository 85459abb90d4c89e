import { describe, expect, it } from 'vitest'
import { bash, checkText, guide, ts } from './check-text.ts'

const RUNBOOK = `## Diagnose

### Look <!-- #look -->

CODE

## Mitigate

### Purge <!-- #purge -->

\`\`\`bash irreversible="gone is gone"
echo purge
\`\`\`
`

describe('what Node.js cannot run is found in its line', () => {
  it.each([
    ['using', 'echo(1)\n⟪using file = { [Symbol.dispose]() {} }\necho(file)'],
    ['await using', 'echo(1)\n⟪await using file = { async [Symbol.asyncDispose]() {} }\necho(file)'],
    ['a decorator', 'function d(_: unknown, __: unknown) {}\n⟪@d class A {}\necho(A)'],
    ['accessor', 'class A {\n⟪  accessor x = 1\n}\necho(A)'],
    ['flags inside a pattern', 'const a = 1\n⟪echo(a, /(?i:a)b/.test("A"))'],
    ['a group named twice', 'echo(1)\n⟪echo(/(?<a>x)|(?<a>y)/.exec("x"))'],
    ['import.meta', 'echo(1)\n⟪echo(import.meta.url)'],
  ])('%s', async (_, code) => {
    const { problems, places, marks } = await checkText(guide(ts(code)))
    expect(places.map(place => place.split(':')[0])).toEqual(marks.map(mark => mark.split(':')[0]))
    expect(problems[0]).toMatchObject({ rule: 'types', severity: 'error' })
  })

  it('what it can is fine', async () => {
    const code =
      'enum E { A }\nclass C { static #x = 1; constructor(readonly y: number) {} static { C.#x } }\nconst { default: os } = await import("node:os")\necho(E.A, C, os, /[[a-z]&&[b]]/v, 1_000n, [1].at(-1) satisfies number | undefined)\nlabel: for (const a of [1]) break label'
    expect((await checkText(guide(ts(code)))).problems).toEqual([])
  })
})

describe('a mistake in a ts block', () => {
  it.each([
    ['a misspelt variable', guide(ts('const percent = 1\necho(⟪pecrent)')), "Cannot find name 'pecrent'", 'percent'],
    ['a dead step reference', guide(ts('return { n: 1 }'), ts('echo(steps.⟪oen.n)')), 'No step oen runs before', 'one'],
    ['a dead step in quotes', guide(ts('return { n: 1 }'), ts("echo(⟪steps['step-9'])")), 'No step step-9 runs before'],
    ['a misspelt value', guide(ts('return { percent: 1 }'), ts('echo(steps.one.⟪percnt)')), 'has no percnt', 'percent'],
    ['a later step', guide(ts('echo(steps.⟪two)'), ts('return 1')), 'The step two (line 9) does not run before'],
    ['its own step', guide(ts('echo(steps.⟪one)\nreturn 1')), 'cannot read its own value'],
    ['a step that gives nothing', guide(ts('echo(1)'), ts('echo(steps.one.⟪n)')), 'The step one returns no value'],
    ['a fact that is not declared', guide(ts('echo(target.⟪storagPath)')), 'no fact storagPath', 'storagePath'],
    ['a service that is not declared', guide(ts("await service(⟪'apis', 'restart')")), 'no service apis', 'api'],
    ['a secret that is not declared', guide(ts("echo(secret(⟪'key'))")), 'declares no secret key'],
    [
      'a fact used as what it is not',
      guide(ts('const n: number = ⟪target.url\necho(n)').replace('⟪target', 'target').replace('n:', '⟪n:')),
      "Type 'string' is not assignable to type 'number'",
    ],
    ['a missing bracket, and nothing else of that block', guide(ts('echo(nope)\nif (target.url) {⟪')), "'}' expected"],
    [
      'an element that may not be there',
      guide(ts("const a = 'x'.split('y')[1]\necho(⟪a.length)")),
      "'a' is possibly 'undefined'",
    ],
    ['a missing bracket', guide(ts("if (target.url) {\n  echo('x')⟪"), ts('return 1')), "'}' expected"],
    [
      'an import that is not at the beginning',
      guide(ts("const a = 1\n⟪import os from 'node:os'\necho(a, os)")),
      'only at the beginning',
    ],
    [
      'an import of nothing',
      guide(ts("import a from ⟪'not-installed'\necho(a)")),
      "Cannot find module 'not-installed'",
    ],
    ['a name of the DOM', guide(ts('echo(⟪document)')), "Cannot find name 'document'"],
  ])('is found at its place: %s', async (_, text, message, meant?: string) => {
    const { problems, places, marks } = await checkText(text)
    expect(places).toEqual(marks)
    expect(problems[0]).toMatchObject({ rule: 'types', severity: 'error', message: expect.stringContaining(message) })
    expect(problems[0]?.message).toMatch(/\(TS\d+\)$/)
    if (meant !== undefined) expect(problems[0]?.hint).toContain(meant)
  })

  it('is found when it suggests what is no step of Mitigate', async () => {
    const { problems, places, marks } = await checkText(
      RUNBOOK.replace('CODE', ts("suggest(⟪'look', 'why')\nsuggest('purge', 'why')")),
    )
    const types = problems.filter(({ rule }) => rule === 'types')
    expect(types).toMatchObject([
      { message: 'This page has no step look in Mitigate (TS2345)', found: 'look', expected: 'purge' },
    ])
    expect(places).toContain(marks[0])
  })

  it('is found when a parameter is used as what it is not', async () => {
    const params = `---
params:
  text: { type: string, default: a }
  span: { type: duration, default: 24h }
  size: { type: bytes, default: 4MiB }
  count: { type: integer, default: 3 }
  on: { type: boolean, default: true }
  mode: { type: enum, values: [fast, slow], default: fast }
---
`
    const right = [
      'const a: string = params.text + params.span',
      'const b: number = params.size + params.count',
      'const c: boolean = params.on',
      "const d: 'fast' | 'slow' = params.mode",
      'echo(a, b, c, d)',
    ]
    expect((await checkText(params + guide(ts(right.join('\n'))))).problems).toEqual([])
    const wrong = [
      'const ⟪a: number = params.span',
      'const ⟪b: string = params.size',
      "if (⟪params.mode === 'quick') echo(a, b)",
      'echo(params.⟪contu)',
    ]
    const { places, marks } = await checkText(params + guide(ts(wrong.join('\n'))))
    expect(places).toEqual(marks)
  })
})

it('knows which values there are when a step is rolled back', async () => {
  const step = (id: string, code: string, meta = '') => `### ${id}\n\n\`\`\`ts ${meta}\n${code}\n\`\`\`\n\n`
  const text = [
    '## Diagnose\n\n',
    step('look', 'return { n: 1 }'),
    '## Mitigate\n\n',
    step('mend', 'return { n: steps.look.n }'),
    '## Verify\n\n',
    step('see', 'return { n: steps.look.n + steps.mend.n + steps.⟪first.n }'),
    '## Roll back\n\n',
    step('first', 'return { n: steps.look.n + steps.mend.n }', 'undoes=mend'),
    step('second', 'return { n: steps.⟪see.n + steps.⟪first.n + steps.mend.n }', 'undoes=mend'),
  ].join('')
  const { problems, marks } = await checkText(text)
  const types = problems.filter(({ rule }) => rule === 'types')
  expect(types.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
})

describe('a place in a block', () => {
  it.each([
    ['in a list', '- A list\n\n  1. of lists\n\n     ```ts\n     const a = 1\n     echo(⟪b, a)\n     ```'],
    ['in a quote', '> Well,\n>\n> ```ts\n> echo(⟪b)\n>   echo(⟪c)\n> ```'],
    ['in a list in a quote', '> - ```ts\n>   echo(⟪b)\n>   ```'],
    ['behind an emoji', "```ts\nconst a = '🌍👩‍👩‍👧'; echo(⟪b, a)\n```"],
    ['behind combining characters', "```ts\nconst a = 'e\u0301ä'; echo(⟪b, a)\n```"],
    ['behind a line separator', '```ts\nconst a = `⟪\u2028`; echo(⟪b, a)\necho(⟪c)\n```'],
    ['between tildes', '~~~ts\necho(⟪b)\n~~~'],
    ['in an indented fence', '   ```ts\n     echo(⟪b)\n   echo(⟪c)\n   ```'],
    ['behind tabs', '```ts\n\t\techo(⟪b)\n```'],
    ['behind a tab in a list', '-\t```ts\n\techo(⟪b)\n\t```'],
    [
      'behind an import',
      "```ts\nimport fs2 from 'node:fs'\nimport os from 'node:os'; /* 🌍 */ echo(⟪b, os, fs2)\necho(⟪c)\n```",
    ],
    ['behind a title', '```ts title="a.ts" timeout=2m\necho(⟪b)\n```'],
  ])('is the page’s own: %s', async (_, block) => {
    for (const text of [guide(block), guide(block).replaceAll('\n', '\r\n')]) {
      const { places, marks } = await checkText(text)
      expect(places).toEqual(marks)
    }
  })

  it('is the page’s own in MDX', async () => {
    const text = `export const x = 1\n\n## Procedure\n\n### One {/* #one */}\n\n<div>\n\n  ~~~ts\n  return { n: 1 }\n  ~~~\n\n</div>\n\n### Two\n\n~~~ts\necho(steps.one.⟪m)\n~~~\n`
    const { places, marks } = await checkText(text, 'mdx')
    expect(places).toEqual(marks)
  })
})

describe('what is right', () => {
  it.each([
    [
      'values of earlier steps',
      guide(
        ts('return { percent: 80, names: ["a"] }'),
        ts('const n: number = steps.one.percent\nreturn n'),
        ts('const m: number = steps.two\necho(m, steps.one.names.map(name => name.trim()))'),
      ),
    ],
    [
      'values of bash steps',
      guide(
        bash('echo free=3 >> "$STEP_OUTPUT"'),
        ts("const free: string | undefined = steps.one.free\necho(free ?? '')"),
      ),
    ],
    [
      'values that are written as JSON',
      guide(
        ts('return { at: new Date(), big: 1n, all: new Set([1]) }'),
        ts(
          'const at: string = steps.one.at\nconst big: string = steps.one.big\nconst all: number[] = steps.one.all\necho(at, big, all)',
        ),
      ),
    ],
    [
      'zx and Node',
      guide(
        ts(
          `const out = await $\`df \${target.storagePath}\`.nothrow()\nawait within(async () => { cd('/') })\nconst text = await fs.readFile(path.join(os.tmpdir(), 'x'), 'utf8')\necho(chalk.red(out.stdout), text, process.version, Buffer.from('x'), await fetch(target.url))`,
        ),
      ),
    ],
    [
      'narrowing by what never returns',
      guide(
        ts(
          "const line = (await $`df`).stdout.split('\\n')[1]\nif (line === undefined) ruleOut('no line')\nif (line.length > 2) skip('long')\necho(line.trim())",
        ),
      ),
    ],
    [
      'verbs',
      guide(
        ts(
          "expect(1).toBe(1)\nawait evidence('a', { b: 1 })\nconst up = await waitFor(async () => (await http(target.url)).status === 200, { timeout: '30s' })\nassertHost()\nconst { stdout } = await service('api', 'status')\nconst [sample] = await prom('up')\nreturn { up, stdout, value: sample?.value }",
        ),
      ),
    ],
    [
      'imports at the beginning',
      guide(
        ts(
          "// comment\nimport { readFile } from 'node:fs/promises'\nimport os, {\n  type CpuInfo,\n} from 'node:os' // the machine\n\nconst cpus: CpuInfo[] = os.cpus()\nreturn { text: await readFile('x', 'utf8'), cpus: cpus.length }",
        ),
        ts(
          "import { readFile } from 'node:fs/promises'\nawait readFile(steps.one.text)\necho(steps.one.cpus.toFixed())",
        ),
      ),
    ],
    [
      'names of its own that hide ours',
      guide(
        ts("const target = 1\nconst params = 2\nconst path = 'x'\nconst steps = 3\necho(target, params, path, steps)"),
      ),
    ],
  ])('is left alone: %s', async (_, text) => {
    expect((await checkText(text)).problems).toEqual([])
  })
})
