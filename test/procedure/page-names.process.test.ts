import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listPages } from '../../src/handbook/list-pages.ts'
import { mayBeCalled, parseProcedure, readPageNames } from '../../src/procedure/index.ts'

describe('the names that the front matter alone tells are those of the program', () => {
  test.each([
    ['no front matter', '# Title\n', 'x'],
    ['an id', '---\nid: other\n---\n', 'other'],
    ['alerts', '---\nalerts: [First, Second]\n---\n', 'Second'],
    ['alerts, one a line', '---\nalerts:\n  - First\n  - Second\n---\n', 'First'],
    ['a quoted id', '---\nid: "other"\n---\n', 'other'],
    ['an escaped letter', '---\nid: "\\x6fther"\n---\n', 'other'],
    ['a text over two lines', '---\nid: two\n  words\n---\n', 'two words'],
    ['an anchor and its alias', '---\ntitle: &a other\nid: *a\n---\n', 'other'],
    ['a byte order mark', '\uFEFF---\nid: other\n---\n', 'other'],
    ['carriage returns', '---\r\nid: other\r\n---\r\n', 'other'],
    ['spaces behind the hyphens', '---  \nid: other\n--- \t\n', 'other'],
    ['nothing in it', '---\n---\n\nid: other\n', 'x'],
    ['hyphens in a value', '---\ntitle: |\n  a\n  ---\nid: other\n---\n', 'other'],
    ['front matter that is never closed', '---\nid: other\n\n# Title\n', 'x'],
    ['front matter that comes later', '\n---\nid: other\n---\n', 'x'],
    ['an id that is a number', '---\nid: 2026\n---\n', 'x'],
    ['a key that does not fit', '---\nid: other\nreviewed: soon\n---\n', 'x'],
    ['no YAML', '---\nid: [other\n---\n', 'x'],
  ])('%s', (_, text, name) => {
    const { id, alerts } = parseProcedure(text, 'docs/x.md')
    expect(readPageNames(text, 'docs/x.md')).toEqual({ id, alerts })
    expect([id, ...alerts]).toContain(name)
    expect(mayBeCalled(name, text, 'docs/x.md')).toBe(true)
  })

  test('of every page of this handbook', async () => {
    const pages = [...(await listPages('.', ['docs', 'runbooks']))]
    expect(pages.length).toBeGreaterThan(50)
    for (const page of pages) {
      const text = readFileSync(join('.', page), 'utf8')
      const { id, alerts } = parseProcedure(text, page)
      expect(readPageNames(text, page), page).toEqual({ id, alerts })
      for (const name of [id, ...alerts]) expect(mayBeCalled(name, text, page), `${page} ${name}`).toBe(true)
    }
  })
})

test('a page that does not have the letters of a name is not looked at any closer', () => {
  expect(mayBeCalled('other', '---\nid: mine\n---\n\nother\n', 'docs/x.md')).toBe(false)
})
