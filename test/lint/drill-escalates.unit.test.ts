import { expect, test } from 'vitest'
import { drillExpects } from '../../src/lint/rules/drills.ts'
import { parsePage } from '../../src/procedure/index.ts'

const STEPS =
  '## Diagnose\n### Full? <!-- #usage -->\n```bash\ndf\n```\n## Mitigate\n### Purge <!-- #purge -->\n```bash\nrm\n```\n'
const judge = (drill: string) => {
  const text = `---\ntitle: T\ndrills:\n  - { fault: growth, ${drill} }\n---\n${STEPS}`
  const { procedure, matter } = parsePage(text, 'runbooks/page.md')
  const page = { path: 'runbooks/page.md', procedure, placeOf: (...keys: PropertyKey[]) => matter.placeOf(keys) }
  return drillExpects
    .checkPage?.(page as never, {} as never)
    .map(({ line, column, message }) => [line, column, message])
}

test('a drill escalates at a step of Diagnose, and heals nothing', () => {
  expect(judge('escalates: usage, within: { fire: 2m }')).toEqual([])
  expect(judge('escalates: purge')).toEqual([[4, 33, 'This page has no step purge in Diagnose']])
  const both = [[4, 33, 'A drill that escalates heals nothing']]
  expect(judge('escalates: usage, expect: [purge]')).toEqual(both)
  expect(judge('escalates: usage, within: { heal: 1m }')).toEqual(both)
})
