import { expect, test } from 'vitest'
import { drillFault } from '../../src/lint/rules/drills.ts'
import { parsePage } from '../../src/procedure/index.ts'

/** The lines at which a page's drills are wrong, each with what is said. */
function judge(...drills: readonly string[]) {
  const text = `---\nalerts: [A]\ndrills:\n${drills.map(drill => `  - { ${drill} }\n`).join('')}---\n`
  const { procedure, matter } = parsePage(text, 'a.md')
  const page = { path: 'a.md', text, procedure, placeOf: (...keys: (string | number)[]) => matter.placeOf(keys) }
  const found = drillFault.checkPage?.(page as never, { faults: ['full', 'slow'], file: { lab: {} } } as never) ?? []
  return found.map(({ line, message }) => `${line} ${message}`)
}

test('a page may heal its fault alone, and beside each other one', () => {
  expect(judge('fault: full', 'fault: full, with: slow', 'fault: slow')).toEqual([])
})

test('the second fault is one that the lab knows, another one, and no two drills have the same two', () => {
  expect(judge('fault: full, with: solw')).toEqual(['4 The lab knows no fault solw'])
  expect(judge('fault: full, with: full')).toEqual(['4 It is the fault that the page heals'])
  expect(judge('fault: full, with: slow', 'fault: full, with: slow')).toEqual([
    '5 Another drill of this page has the fault full+slow already',
  ])
})
