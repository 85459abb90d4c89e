import { describe, expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

const page = (...frontMatter: readonly string[]) =>
  `---\ntitle: Page\n${frontMatter.map(line => `${line}\n`).join('')}---\n\nText.\n`

/** What is said of addresses in a handbook with these files beside its own. */
async function check(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const problems = await checkFolder(await makeHandbook(files), { whole: true })
  return problems.flatMap(({ rule, file, line, column, message }) =>
    rule === 'unique-routes' ? [`${file}:${line}:${column} ${message}`] : [],
  )
}

describe('two pages at one address are told of, both by their places', () => {
  it.each([
    [
      'index and README',
      { 'docs/a/index.md': page(), 'docs/a/README.md': page() },
      'docs/a/index.md:1:1 docs/a/README.md:1:1 is at the address /docs/a already',
    ],
    [
      'Markdown and MDX',
      { 'docs/a/b.md': page(), 'docs/a/b.mdx': page() },
      'docs/a/b.mdx:1:1 docs/a/b.md:1:1 is at the address /docs/a/b already',
    ],
    [
      'an index and a page',
      { 'docs/a.md': page(), 'docs/a/index.md': page() },
      'docs/a/index.md:1:1 docs/a.md:1:1 is at the address /docs/a already',
    ],
    [
      'a number for the order, and none',
      { 'docs/a/01-num.md': page(), 'docs/a/num.md': page() },
      'docs/a/num.md:1:1 docs/a/01-num.md:1:1 is at the address /docs/a/num already',
    ],
    [
      'two numbers',
      { 'docs/a/1-num.md': page(), 'docs/a/2 - num.md': page() },
      'docs/a/2 - num.md:1:1 docs/a/1-num.md:1:1 is at the address /docs/a/num already',
    ],
    [
      'numbers of folders',
      { 'docs/01-a/b.md': page(), 'docs/a/02_b.md': page() },
      'docs/a/02_b.md:1:1 docs/01-a/b.md:1:1 is at the address /docs/a/b already',
    ],
    [
      'a number and an index',
      { 'docs/1.a/index.md': page(), 'docs/a.md': page() },
      'docs/a.md:1:1 docs/1.a/index.md:1:1 is at the address /docs/a already',
    ],
    [
      'a slug that is a number',
      { 'docs/a/b.md': page('slug: 5'), 'docs/a/c.md': page('slug: "5"') },
      'docs/a/c.md:3:7 docs/a/b.md:3:7 is at the address /docs/a/5 already',
    ],
    [
      'a slug with escapes',
      { 'docs/a/b.md': page('slug: /a/%63'), 'docs/a/c.md': page() },
      'docs/a/c.md:1:1 docs/a/b.md:3:7 is at the address /docs/a/c already',
    ],
    [
      'case',
      { 'docs/a/b.md': page(), 'docs/a/B.md': page() },
      'docs/a/b.md:1:1 docs/a/B.md:1:1 is at the address /docs/a/B already, which differs from /docs/a/b only in case',
    ],
    [
      'a slug and a file',
      { 'docs/a.md': page(), 'docs/b/c.md': page('slug: /a') },
      'docs/b/c.md:3:7 docs/a.md:1:1 is at the address /docs/a already',
    ],
    [
      'two slugs',
      { 'docs/a.md': page('slug: ./x/'), 'docs/b/c.md': page('slug: /x') },
      'docs/b/c.md:3:7 docs/a.md:3:7 is at the address /docs/x already',
    ],
    [
      'an id and a file',
      { 'docs/a.md': page('id: b'), 'docs/b.md': page() },
      'docs/b.md:1:1 docs/a.md:3:5 is at the address /docs/b already',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await check(files)).toEqual([expected])
  })
})

it('says nothing of pages that lie apart', async () => {
  const files = {
    'docs/a/index.md': page(),
    'docs/b/index.md': page(),
    'runbooks/a.md': page('slug: /c'),
    'docs/c.md': page(),
    'docs/e/2021-11-foo.md': page(),
    'docs/e/2021-12-foo.md': page(),
    'docs/f/01-g.md': page('parse_number_prefixes: false'),
    'docs/f/g.md': page(),
  }
  expect(await check(files)).toEqual([])
})
