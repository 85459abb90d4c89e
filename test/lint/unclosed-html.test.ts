import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

const bash = '```bash\ndate\n```'
/** A guide in whose first step something is not closed. */
const guide = (open: string, between = bash, close = '') =>
  `# Guide\n\n## Procedure\n\n### One\n\n${bash}\n\n${open}\n\n${between}\n\n### Two\n\n${bash}\n\n${close}\n\n### Three\n\n${bash}\n`

describe('what is not closed and swallows steps is named at its line', () => {
  it.each([
    ['a comment', guide('⟪<!-- look')],
    ['a comment with a broken end', guide('⟪<!-- look -- >')],
    ['a comment that a browser would end', guide('⟪<!-- look --!>')],
    ['a comment that ends at a later one', guide('⟪<!-- look', 'Text.', '<!-- more -->')],
    ['a comment that ends at an id', guide('⟪<!-- look', 'Text.').replace('### Three', '### Three <!-- #three -->')],
    ['a comment that ends at an arrow', guide('⟪<!-- look', 'Text.', '```mermaid\nA --> B\n```')],
    ['an instruction', guide('⟪<?php look')],
    ['a section', guide('⟪<![CDATA[ look')],
    ['a pre', guide('⟪<pre>', 'Text.')],
    ['a pre that ends at a later one', guide('⟪<pre>', 'Text.', '<pre>\nx\n</pre>')],
    ['before the only phase', `# Guide\n\n⟪<!-- look\n\n## Procedure\n\n### One\n\n${bash}\n`],
    ['in a list', guide(`- so\n\n  ⟪<!-- look\n\n  ${bash.replaceAll('\n', '\n  ')}`)],
  ])('%s', async (_, text) => {
    const { problems, places, marks } = await checkText(text)
    const found = problems.filter(({ rule }) => rule === 'closed-fence')
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(expect.arrayContaining([...marks]))
    expect(found[0]).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(/is not closed before line \d+/),
    })
    expect(places).toContain(marks[0])
  })

  it.each([
    ['a script', guide('⟪<script>', 'Text.')],
    ['a style', guide('⟪<style>', 'Text.')],
    ['a text area', guide('⟪<textarea>', 'Text.')],
  ])('%s, beside what it is', async (_, text) => {
    const { problems, marks } = await checkText(text)
    const found = problems.filter(({ rule }) => rule === 'closed-fence')
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
  })

  it('a comment of MDX', async () => {
    const text = `# Guide\n\n## Procedure\n\n### One\n\n⟪{/* look\n\n${bash}\n\n### Two {/* #two */}\n\n${bash}\n`
    const { problems, marks } = await checkText(text, 'mdx')
    const found = problems.filter(({ rule }) => rule === 'closed-fence')
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
  })

  it.each([
    ['below a tag', guide('<div>\n⟪### Lost')],
    ['below a closing tag', guide('<details>\n\nx\n\n</details>\n⟪### Lost')],
  ])('a heading that is HTML: %s', async (_, text) => {
    const { problems, places, marks } = await checkText(text)
    expect(problems[0]?.rule).toBe('fence-in-html')
    expect(places).toContain(marks[0])
  })
})

it.each([
  ['a comment of several lines', '<!--\nlook\n\nthere\n-->'],
  ['a step that is hidden', `<!--\n### Old\n\n${bash}\n-->`],
  ['comments of one line', '<!-- a --> <!-- b -->\n<!-- c -->'],
  ['a pre with comments of a shell', '<pre>\n# so\n\n## and so\n</pre>'],
  ['a comment at the end', ''],
])('nothing is said of %s', async (_, text) => {
  expect(
    (await checkText(`# Guide\n\n## Procedure\n\n### One\n\n${bash}\n\n${text}\n\n### Two\n\n${bash}\n`)).problems,
  ).toEqual([])
})

describe('a page that would run nothing', () => {
  it.each([
    ['an empty Procedure', '⟪## Procedure\n'],
    ['a Procedure of prose', '⟪## Procedure\n\nDo it.\n'],
    ['an empty Verify', `## Procedure\n\n### One\n\n${bash}\n\n⟪## Verify\n`],
    ['a Verify of a comment', `## Procedure\n\n### One\n\n${bash}\n\n⟪## Verify\n\n<!-- later -->\n`],
    ['an empty Checks', `⟪## Checks\n\n## Procedure\n\n### One\n\n${bash}\n`],
    ['Roll back alone', `⟪## Roll back\n\n### One\n\n${bash}\n`],
  ])('%s', async (_, text) => {
    const { problems, places, marks } = await checkText(`# Guide\n\n${text}`)
    expect(problems.map(({ severity }) => severity)).toEqual(['error'])
    expect(places).toEqual(marks)
  })

  it('a runbook that verifies in prose only', async () => {
    const text = `---\nalerts: [ExampleAlert]\n---\n\n## Diagnose\n\n### Look\n\n${bash}\n\n⟪## Verify\n\nLook at it.\n`
    const { places, marks } = await checkText(text)
    expect(places).toContain(marks[0])
  })
})
