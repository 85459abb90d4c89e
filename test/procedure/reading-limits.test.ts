import { describe, expect, it } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'

const SLOW = 20_000

/** Milliseconds of this process's work, however busy the machine is. */
function measure(text: string, path = 'page.md') {
  const begun = process.cpuUsage()
  const { problems } = parseProcedure(text, path)
  const { user, system } = process.cpuUsage(begun)
  return { time: (user + system) / 1000, problems }
}

/** Each takes the parser alone from a second or two to minutes. */
const ENDLESS: Readonly<Record<string, string>> = {
  'stars without a match': 'a* '.repeat(40_000),
  'tildes that open and close': '~a '.repeat(8_000) + 'b~ '.repeat(8_000),
  'stars that open and close': '*a **b '.repeat(4_000) + 'c* d** '.repeat(4_000),
  brackets: '[a]'.repeat(60_000),
  'half links': '[a]('.repeat(40_000),
  footnotes: '[^a]'.repeat(40_000),
  'footnotes in footnotes': '[^a]:'.repeat(15_000),
  'half titles': 'a [a](b "c\n'.repeat(20_000),
  'half definitions': '[a]: b\n"c\n'.repeat(20_000),
  'very many definitions': '[a]: b\n'.repeat(30_000),
  'growing backticks': Array.from({ length: 700 }, (_, index) => `a${'`'.repeat(index + 1)}`).join('\n'),
  'comments that nothing closes': `a${' <!-- b'.repeat(20_000)}`,
  'underlined headings': 'a\n===\n'.repeat(20_000),
  quotes: '> a\n\n'.repeat(40_000),
  'lists in lists': '- a\n  - b\n'.repeat(20_000),
  'lists and paragraphs': 'b\n\n- a\n\n'.repeat(20_000),
  'a long line': `a ${'word '.repeat(300_000)}`,
  'prose that looks like HTML': `a\n${'    <p> *b* `c` [d](e)\n\nf\n'.repeat(16_000)}`,
  'very short paragraphs': '(a\n\n'.repeat(60_000),
  'a long page': 'word\n'.repeat(300_000),
  'very many escapes': '&amp; \\* '.repeat(15_000),
  'very many heads of tags': '<<EOF\n'.repeat(14_000),
  'very many tags': '</div>\n\n'.repeat(36_000),
  'very many headings': '### a\n'.repeat(17_000),
  'a very long table': 'a|b\n-|-\n'.concat('-|-\n'.repeat(23_000)),
  'paragraphs of a byte order mark': '\uFEFF\n\n'.repeat(17_000),
  'a fence without an end': '```bash\n'.repeat(40_000),
  'very many short lines': '${\n'.repeat(40_000),
}

describe('a page that would take the parser minutes', () => {
  it.each(Object.keys(ENDLESS))('is named and not read: %s', name => {
    const text = `# Title\n\n${ENDLESS[name]}\n\n## Procedure\n\n### Step\n\n\`\`\`bash\ntrue\n\`\`\`\n`
    const { time, problems } = measure(text)
    expect(problems).toMatchObject([{ rule: 'markdown', message: expect.stringMatching(/so the page was not read$/) }])
    expect(problems[0]?.line).toBeLessThanOrEqual(text.split('\n').length)
    expect(time).toBeLessThan(SLOW)
  })

  it('is named where it becomes too much', () => {
    const { problems } = measure(`# Title\n\nfine\n\n${'[a]'.repeat(2_000)}\n`)
    expect(problems).toMatchObject([{ line: 5, column: 1 }])
  })
})

const RICH = {
  'a long table': `a|b|c\n-|-|-\n${'`a` | [b](c) | **d**\n'.repeat(1_000)}`,
  'a table of thousands of rows': `a|b\n-|-\n${'c|d\n'.repeat(4_500)}`,
  'thousands of paragraphs': 'A few words, as one writes them.\n\n'.repeat(4_500),
  'a long list': '- a `b` [c](d) **e**\n'.repeat(600),
  'a numbered list': '1. a `b` [c](d) **e**\n2. f\n'.repeat(500),
  'much code': `\`\`\`json\n${'[["*a*", "[b]"], {"`c`": "<!-- d"}],\n'.repeat(3_000)}\`\`\`\n`,
  'code in a list': `- a\n\n  ~~~json\n${'  [["*a*", "[b]"]]\n'.repeat(3_000)}  ~~~\n`,
  'names with underscores': 'a_long_name another_long_name '.repeat(1_000),
  'definitions of links': Array.from({ length: 1_500 }, (_, index) => `[a${index}]: b\n`).join(''),
  footnotes: Array.from({ length: 600 }, (_, index) => `[^${index}]: See [a](b).\n`).join(''),
  'an API’s reference in HTML': '<h3 id="a">A</h3>\n<p>\n<em>(Optional)</em> b <code>c</code> [d] *e*\n</p>\n\n'.repeat(
    9_000,
  ),
  'an image in the page': `![](data:image/png;base64,${'aB3/'.repeat(40_000)})\n`,
}

it.each(Object.entries(RICH))('what people do write is read: %s', (_, text) => {
  const { time, problems } = measure(`# Title\n\n${text}`)
  expect(problems).toEqual([])
  expect(time).toBeLessThan(SLOW)
})
