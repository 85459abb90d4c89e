import { expect, it } from 'vitest'
import { listSearchEntries } from '../../src/plugin/list-search-entries.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

const WORDS = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ')
const PAGE = `# Page\n\n## Limits\n\n${WORDS}. The volume is 97.5 % full, later 80%.\n`

it('keeps the first words of a long text, and every percentage', () => {
  const procedures = [parseProcedure(PAGE, 'docs/page.md')]
  const published = new Map([['docs/page.md', { permalink: '/docs/page', description: '' }]])
  const [, limits] = listSearchEntries({ procedures, rules: { rules: [], problems: [] } }, published)
  expect(limits).toMatchObject({ url: '/docs/page#limits', title: 'Limits' })
  expect(limits?.text.split(' ')).toEqual([...WORDS.split(' ').slice(0, 12), '97.5%', '80%'])
})
