import { describe, expect, it } from 'vitest'
import { handbookFileSchema, parseHandbookFile } from '../../src/environments/index.ts'
import { addHints, RULES } from '../../src/lint/index.ts'
import { readPage } from '../../src/lint/page.ts'
import { checkText } from './check-text.ts'

const HEAD = `url: https://x.example
target:
  url: { type: string, description: x }
  port: { type: number, description: x }
services: [api, worker]
environments:
  good: { target: { url: x, port: 1 } }
`

/** What rules about environments say of a `handbook.yaml`, each by its line. */
async function judge(text: string): Promise<readonly string[]> {
  const result = parseHandbookFile(text)
  if ('problems' in result)
    return addHints(result.problems).map(({ line, rule, hint }) => `${line} ${rule} ${hint !== undefined}`)
  const handbook = { root: '/', pages: [], file: result.file }
  const rules = RULES.filter(({ id }) => id.startsWith('environment-'))
  const found = await Promise.all(
    rules.map(async rule => {
      const violations = await rule.checkHandbook?.([PAGE], {
        handbook,
        readText: async () => text,
        rules: { rules: [], problems: [] },
        faults: [],
        shellcheck: false,
        today: '2026-11-29',
        whole: true,
        findPage: async () => undefined,
        readQuantities: async () => ({ problems: [] }),
        readRoutes: async () => undefined,
      })
      return (violations ?? []).map(
        ({ line, column, hint = rule.hint }) => `${line}:${column} ${rule.id} ${hint !== ''}`,
      )
    }),
  )
  return found.flat()
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq8f3hV0o6uE1m0wq5r8x2n4m7c9k1p3s5u7w9y1A3b'
const VALUES = 'environment-values true'
const PAGE = readPage('## Checks\n\n### Look <!-- #look -->\n\n```bash\ndate\n```\n', 'docs/daily.md')

describe('each mistake of an environment is one error at its place, with a hint', () => {
  it.each([
    ['a missing fact', 'p: { auto: danger }', ['8:3 environment-facts true']],
    [
      'a wrong type, and an unknown fact',
      'p: { target: { url: 7, port: 1, urll: x } }',
      [`8:18 ${VALUES}`, `8:35 ${VALUES}`],
    ],
    [
      'findings of no page, of no step and of no owner, and a step approved that is none',
      'p: { target: { url: x, port: 1 }, acknowledged: [{ page: dayly, step: look, until: "2030-01-01", owner: us, reason: r }, { page: daily, step: lok, until: "2030-01-01", owner: we, reason: r }], roles: { r: [a] }, approvedBeforehand: [{ page: daily, step: look, role: r, max: 1 }, { page: daily, step: gone, role: r, max: 1 }] }',
      [`8:54 ${VALUES}`, `8:100 ${VALUES}`, `8:139 ${VALUES}`, `8:171 ${VALUES}`, `8:297 ${VALUES}`],
    ],
    [
      'findings whose day has passed, or is no day',
      'p: { target: { url: x, port: 1 }, acknowledged: [{ page: daily, step: look, until: "2026-11-28", owner: us, reason: r }, { page: daily, step: look, until: "2026-11-29", owner: us, reason: r }, { page: daily, step: look, until: "2027-02-29", owner: us, reason: r }] }',
      [`8:100 ${VALUES}`, `8:79 ${VALUES}`, `8:172 ${VALUES}`, `8:244 ${VALUES}`, `8:223 ${VALUES}`],
    ],
    [
      'keys with which nobody can approve',
      `p: { target: { url: x, port: 1 }, approvers: { a: ssh-ed25519 AAAA, b: ${KEY}, c: [${KEY}, ${KEY.replace(' ', '-cert-v01@openssh.com ')}] } }`,
      [`8:50 ${VALUES}`, `8:156 ${VALUES}`],
    ],
    [
      'an approval that ends as it begins',
      'p: { target: { url: x, port: 1 }, approvalValidFor: 0s }',
      [`8:37 ${VALUES}`],
    ],
    ['a number as a text', 'p: { target: { url: x, port: "1" } }', [`8:26 ${VALUES}`]],
    [
      'an unknown service',
      'p: { target: { url: x, port: 1 }, services: { apii: { restart: "true" } } }',
      [`8:49 ${VALUES}`],
    ],
    [
      'a service without a command',
      'p: { target: { url: x, port: 1 }, services: { api: { restart: " " } } }',
      [`8:56 ${VALUES}`],
    ],
    [
      'reserved variables',
      'p: { target: { url: x, port: 1 }, variables: { A: x, PATH: /x, STEP_OUTPUT: y, TARGET_URL: z } }',
      [`8:56 ${VALUES}`],
    ],
    ['a variable that bash sets', 'p: { target: { url: x, port: 1 }, variables: { LINENO: x } }', [`8:50 ${VALUES}`]],
    ['no name of a variable', 'p: { target: { url: x, port: 1 }, variables: { a-b: x } }', [`8:50 ${VALUES}`]],
    ['a reserved secret', 'p: { target: { url: x, port: 1 }, secrets: { path: { env: A } } }', [`8:48 ${VALUES}`]],
    [
      'a secret with a digit first',
      'p: { target: { url: x, port: 1 }, secrets: { 1a: { env: A } } }',
      [`8:48 ${VALUES}`],
    ],
    [
      'a secret of an empty command',
      'p: { target: { url: x, port: 1 }, secrets: { s: { command: "" } } }',
      [`8:53 ${VALUES}`],
    ],
    [
      'a secret of an empty variable',
      'p: { target: { url: x, port: 1 }, secrets: { s: { env: "" } } }',
      [`8:53 ${VALUES}`],
    ],
    ['a secret of no variable', 'p: { target: { url: x, port: 1 }, secrets: { s: { env: $A } } }', [`8:53 ${VALUES}`]],
    [
      'two secrets with one name',
      'p: { target: { url: x, port: 1 }, secrets: { readKey: { env: A }, read-key: { env: A } } }',
      [`8:69 ${VALUES}`],
    ],
    [
      'a secret and a variable',
      'p: { target: { url: x, port: 1 }, variables: { READ_KEY: x }, secrets: { readKey: { env: A } } }',
      [`8:50 ${VALUES}`],
    ],
    ['nobody who approves', 'p: { target: { url: x, port: 1 }, protected: true }', [`8:37 ${VALUES}`]],
    ['an empty folder', 'p: { target: { url: x, port: 1 }, path: [""] }', [`8:37 ${VALUES}`]],
    [
      'a good one',
      'p: { target: { url: x, port: 1 }, services: { api: { logs: "true" } }, variables: { TZ: UTC, HTTPS_PROXY: x } }',
      [],
    ],
    ['a lab', 'p: { lab: true, auto: danger }', []],
  ])('%s', async (_, environment, expected) => {
    expect(await judge(`${HEAD}  ${environment}\n`)).toEqual(expected)
  })

  it('and of what the handbook declares', async () => {
    const text =
      'url: https://x.example\ntarget:\n  aB: { type: string, description: x }\n  a_b: { type: string, description: x }\nsecrets:\n  path: { description: x }\n'
    expect(await judge(text)).toEqual([`4:3 ${VALUES}`, `6:3 ${VALUES}`])
  })
})

describe('an environment or a key that is not there', () => {
  it.each([
    ['named null', '  null: {}'],
    ['without a name', '  : {}'],
    ['named ~', '  ~: {}'],
    ['without a value', '  p:'],
    ['of null', '  p: null'],
    ['of a text', '  p: lab'],
    ['twice', '  p: { lab: true }\n  p: {}'],
    ['twice, in quotes', '  p: { lab: true }\n  "p": {}'],
    ['merged', '  <<: { p: { lab: true } }'],
    ['a key that is a list', '  [p]: {}'],
    ['a key of the target twice', '  p: { target: { url: x, url: y, port: 1 } }'],
  ])('%s, is an error at its line, with a hint', async (_, text) => {
    const [first = '', ...more] = await judge(`${HEAD}${text}\n`)
    expect(more).toEqual([])
    expect(first).toMatch(text.includes('\n') ? /^9 .* true$/ : /^8 .* true$/)
  })
})

describe('an example of handbook.yaml on a page', () => {
  const page = (meta: string, text: string) =>
    `# Page\n\n- so\n\n  \`\`\`yaml ${meta}\n${text.replace(/^/gm, '  ')}\n  \`\`\`\n`

  it.each([
    ['that lacks facts', 'title="handbook.yaml"', 'environments:\n  ⟪p: { target: { url: x } }'],
    ['with an unknown key', 'title="handbook.yaml"', '⟪environment: {}'],
    ['with an unknown fact', '', 'environments:\n  p: { target: { ⟪urll: x } }'],
    ['that nobody may approve in', '', 'environments:\n  p:\n    ⟪protected: true'],
    ['that is no YAML', 'title="handbook.yaml"', 'title: a\n⟪title: b'],
  ])('%s', async (_, meta, text) => {
    const { problems, places, marks } = await checkText(page(meta, text))
    expect(problems).toMatchObject([{ rule: 'handbook-example', severity: 'error', hint: expect.stringMatching(/./) }])
    expect(places).toEqual(marks)
  })

  it.each([
    ['an excerpt', '', 'environments:\n  p: { auto: read }'],
    ['another file', 'title="compose.yaml"', 'environments: 1'],
    ['one that is only shown', 'static title="handbook.yaml"', 'environment: {}'],
    ['a part', 'title="handbook.yaml"', 'owners: { a: { name: A, contact: B } }'],
    [
      'facts of its own',
      'title="handbook.yaml"',
      'target: { a: { type: string, description: x } }\nenvironments:\n  p: { target: { a: x } }',
    ],
  ])('nothing is said of %s', async (_, meta, text) => {
    expect((await checkText(page(meta, text))).problems).toEqual([])
  })
})

it('the schema itself takes an environment with nothing in it', () => {
  expect(handbookFileSchema.safeParse({ url: 'https://x.example', environments: { p: {} } }).success).toBe(true)
})
