import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())

const page = (title: string, more = '') =>
  `---\ntitle: ${title}\n${more}---\n\n## Procedure\n\n### One\n\n\`\`\`bash\ntrue\n\`\`\`\n`

describe('a folder of pages that handbook.yaml names and that has none is an error there', () => {
  test.each([
    ['a slip', 'pages: [docs, runboks]\n', '2:15', 'pages › runboks: there is no such folder'],
    [
      'a folder without pages',
      'pages:\n  - docs\n  - empty\n',
      '4:5',
      'pages › empty: there is no page in this folder',
    ],
    ['a file', 'pages: [docs/a.md]\n', '2:9', 'pages › docs/a.md: this is no folder'],
  ])('%s', async (_, pages, place, message) => {
    handbook.write('handbook.yaml', `url: https://x.example\n${pages}`)
    handbook.write('docs/a.md', page('A'))
    handbook.write('empty/note.txt', 'x')
    const { exitCode, stdout } = await handbook.run('check', '--json')
    const { problems } = JSON.parse(stdout)
    const found = problems.find((problem: { rule: string }) => problem.rule === 'handbook-file')
    expect(found).toMatchObject({ file: 'handbook.yaml', severity: 'error', message })
    expect(`${found.line}:${found.column}`).toBe(place)
    expect(exitCode).toBe(1)
  })

  test('the folders that are looked at by default need not be there', async () => {
    handbook.write('handbook.yaml', 'url: https://x.example\n')
    handbook.write('docs/a.md', page('A'))
    expect(await handbook.run('check')).toMatchObject({ exitCode: 0 })
  })
})

test('Markdown at the top, which is no page, leads to what is there', async () => {
  handbook.write('handbook.yaml', 'url: https://x.example\n')
  handbook.write('docs/a.md', page('A'))
  handbook.write('README.md', '# Shop\n\n[A](docs/a.md#one) [B](docs/b.md) [C](docs/a.md#two) ![D](d.png)\n')
  handbook.write('CONTRIBUTING.md', '[the guide](./docs/gone.mdx) [elsewhere](https://x.example/y.md)\n')
  const { exitCode, stdout } = await handbook.run('check', '--json')
  expect(
    JSON.parse(stdout).problems.map(({ file, rule, message }: Record<string, string>) => `${file} ${rule} ${message}`),
  ).toEqual([
    'CONTRIBUTING.md link-resolves There is no file docs/gone.mdx',
    'README.md link-resolves There is no file docs/b.md',
    'README.md anchor-resolves docs/a.md has no anchor #two',
    'README.md image-exists There is no file d.png',
  ])
  expect(exitCode).toBe(1)
})

describe('list', () => {
  beforeEach(() => {
    handbook.write('handbook.yaml', HANDBOOK)
    handbook.write('docs/a.md', page('Copy keys', 'keywords: [secrets, Vault]\n'))
    handbook.write('docs/b.md', page('Copy keys', 'id: again\nkeywords: rotation\n'))
  })

  test.each([
    ['vault', 'a      Copy keys\n', 'a'],
    ['ROTATION', 'again  Copy keys\n', 'again'],
    ['copy', '', 'a again'],
  ])('knows keywords: %s', async (word, _, ids) => {
    const { stdout } = await handbook.run('list', word, '--json')
    expect(
      JSON.parse(stdout)
        .procedures.map(({ id }: { id: string }) => id)
        .join(' '),
    ).toBe(ids)
  })

  test('tells two pages of one title apart by their ids', async () => {
    expect((await handbook.run('list')).stdout).toBe('a      Copy keys\nagain  Copy keys\n')
  })

  test.each([
    ['valt', 'Did you mean Vault?'],
    ['zzz', 'See all of them: handbook list'],
  ])('says that nothing has the word %s', async (word, hint) => {
    const { exitCode, stdout, stderr } = await handbook.run('list', word)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toContain(`No procedure has “${word}”`)
    expect(stderr).toContain(hint)
  })
})

describe('alerts check without a path', () => {
  test('takes the rules of handbook.yaml, from wherever it is asked', async () => {
    handbook.write('handbook.yaml', `${HANDBOOK}rules: [rules]\n`)
    handbook.write('docs/a.md', page('A'))
    handbook.write(
      'rules/x.rules.yaml',
      'groups:\n  - name: x\n    rules:\n      - alert: NobodyAnswers\n        expr: up == 0\n',
    )
    for (const folder of ['.', 'docs']) {
      const { exitCode, stdout } = await handbook.shell(`cd ${folder} && $HANDBOOK alerts check --json`)
      expect(stdout).toContain('NobodyAnswers')
      expect(exitCode).toBe(1)
    }
  })

  test('says that there are none', async () => {
    handbook.write('handbook.yaml', HANDBOOK)
    const { exitCode, stdout, stderr } = await handbook.run('alerts', 'check')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('handbook.yaml names none')
  })
})
