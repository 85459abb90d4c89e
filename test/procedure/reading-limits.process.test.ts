import { describe, expect, it } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'
import { ENDLESS, RICH } from './long-pages.ts'

describe('a page that would take the parser minutes', () => {
  it.each(Object.keys(ENDLESS))('is named and not read: %s', name => {
    const text = `# Title\n\n${ENDLESS[name]}\n\n## Procedure\n\n### Step\n\n\`\`\`bash\ntrue\n\`\`\`\n`
    const { problems } = parseProcedure(text, 'page.md')
    expect(problems).toMatchObject([{ rule: 'markdown', message: expect.stringMatching(/so the page was not read$/) }])
    expect(problems[0]?.line).toBeLessThanOrEqual(text.split('\n').length)
  })

  it('is named where it becomes too much', () => {
    const { problems } = parseProcedure(`# Title\n\nfine\n\n${'[a]'.repeat(2_000)}\n`, 'page.md')
    expect(problems).toMatchObject([{ line: 5, column: 1 }])
  })
})

it.each(Object.entries(RICH))('what people do write is read: %s', (_, text) => {
  const { problems } = parseProcedure(`# Title\n\n${text}`, 'page.md')
  expect(problems).toEqual([])
})
