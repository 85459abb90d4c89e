import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bareEnvironment } from '../../src/environments/index.ts'
import { checkPages, findCheckRoot } from '../../src/operate/index.ts'
import { demandOwnNames } from '../../src/operate/open/read-secrets.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

function makeFolder(...files: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'handbook-root-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const path of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), path.endsWith('.yaml') ? 'url: https://x.example\n' : '# Page\n')
  }
  return root
}

describe('pages are checked by the handbook that they belong to', () => {
  it.each([
    ['of two handbooks', ['a/docs/x.md', 'b/docs/y.md']],
    ['two folders', ['a', 'b']],
    ['one of a handbook, and one of none', ['a/docs/x.md', 'z.md']],
    ['one of none, and one of a handbook', ['z.md', 'b/docs']],
    ['a handbook inside a handbook', ['a/docs/x.md', 'a/docs/inner/docs/w.md']],
  ])('%s are refused', async (_, paths) => {
    const root = makeFolder(
      'a/handbook.yaml',
      'a/docs/x.md',
      'b/handbook.yaml',
      'b/docs/y.md',
      'z.md',
      'a/docs/inner/handbook.yaml',
      'a/docs/inner/docs/w.md',
    )
    const asked = findCheckRoot(
      root,
      paths.map(path => join(root, path)),
    )
    await expect(asked).rejects.toThrow(/do not belong to one handbook/)
  })

  it('of one are checked by it, from wherever', async () => {
    const root = makeFolder('a/handbook.yaml', 'a/docs/x.md', 'a/docs/y.md')
    const paths = ['a/docs/x.md', 'a/docs', 'a'].map(path => join(root, path))
    expect(await findCheckRoot('/', paths)).toBe(join(root, 'a'))
    expect(await findCheckRoot(join(root, 'a/docs'), [])).toBe(join(root, 'a'))
  })
})

it.each(['docs/B.MD', 'docs/c.markdown', 'docs/none.md', 'docs/_parts'])(
  '%s, which is named and no page, is refused',
  async name => {
    const root = makeFolder('handbook.yaml', 'docs/a.md', 'docs/B.MD', 'docs/c.markdown', 'docs/_parts/d.md')
    const asked = checkPages(root, {
      cwd: root,
      paths: [join(root, name)],
      fix: false,
      shellcheck: false,
      inspect: async () => ({ inspections: [], failures: [] }),
      askLab: async () => ({ faults: [], mutations: [], problems: [] }),
      tell: () => undefined,
    })
    await expect(asked).rejects.toThrow(/no page/)
  },
)

it('a parameter that bash would take for a secret refuses the run', () => {
  const page = parseProcedure('---\nparams:\n  apiToken: { default: x }\n---\n\n# Page\n', 'docs/page.md')
  const secrets = { 'api-token': { env: 'A', for: 'read' } } as const
  expect(() => demandOwnNames(page, { ...bareEnvironment('here'), secrets })).toThrow('one name in bash: API_TOKEN')
  expect(() => demandOwnNames(page, bareEnvironment('here'))).not.toThrow()
})
