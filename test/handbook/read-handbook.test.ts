import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseHandbookFile } from '../../src/environments/index.ts'
import { findHandbookRoot, readHandbook } from '../../src/handbook/index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-base-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('the nearest folder above with a handbook.yaml is the root', async () => {
  mkdirSync(join(root, 'a/b'), { recursive: true })
  expect(await findHandbookRoot(join(root, 'a/b'))).toBeUndefined()
  writeFileSync(join(root, 'handbook.yaml'), 'url: https://x.example\n')
  expect(await findHandbookRoot(join(root, 'a/b'))).toBe(root)
  expect(await findHandbookRoot(join(root, 'a/b/not/there'))).toBe(root)
})

test('pages are Markdown files in its folders, sorted, but none that begins with an underscore', async () => {
  for (const folder of ['docs/deep', 'runbooks', 'elsewhere']) mkdirSync(join(root, folder), { recursive: true })
  for (const file of ['runbooks/b.md', 'docs/deep/a.mdx', 'docs/_part.md', 'docs/x.txt', 'elsewhere/c.md'])
    writeFileSync(join(root, file), '')
  writeFileSync(join(root, 'handbook.yaml'), 'url: https://x.example\n')
  expect(await readHandbook(root)).toMatchObject({ handbook: { root, pages: ['docs/deep/a.mdx', 'runbooks/b.md'] } })
})

describe('handbook.yaml', () => {
  test('has defaults for everything but its url', () => {
    expect(parseHandbookFile('url: https://x.example\n')).toMatchObject({
      file: { title: 'Operations handbook', reviewEvery: '180d', pages: ['docs', 'runbooks'], environments: {} },
    })
  })

  test.each([
    ['an unknown key', 'url: https://x.example\nenvironmens: {}\n', 2, 1, /^Unrecognized key: "environmens"/],
    [
      'a wrong value',
      'url: https://x.example\nenvironments:\n  lab:\n    auto: all\n',
      4,
      11,
      /environments › lab › auto/,
    ],
    ['a duration that is none', 'url: https://x.example\nreviewEvery: soon\n', 2, 14, /reviewEvery/],
    ['no url', 'title: x\n', 1, 1, /url/],
    ['broken YAML', 'url: [\n', 2, 1, /./],
    ['nothing at all', '', 1, 1, /./],
  ])('%s is named at its place', (_, text, line, column, message) => {
    const result = parseHandbookFile(text)
    const problems = 'problems' in result ? result.problems : []
    expect(problems[0]).toMatchObject({ file: 'handbook.yaml', rule: 'handbook-file', severity: 'error', line, column })
    expect(problems[0]?.message).toMatch(message)
  })
})
