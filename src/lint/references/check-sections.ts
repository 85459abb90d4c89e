import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'

/** What every runbook tells, in this order. */
export const SECTIONS = [
  'Meaning',
  'Impact',
  'Diagnose',
  'Mitigate',
  'Verify',
  'Roll back',
  'Escalate',
  'Prevent',
] as const

/** Demands that a runbook has all of its sections, and that none is empty. */
export function checkSections(page: Page): Problem[] {
  const { kind, sections, headings } = page.procedure
  if (kind !== 'runbook') return []
  const present = SECTIONS.filter(title => sections.some(section => section.title === title))
  return SECTIONS.flatMap(title => {
    const section = sections.find(section => section.title === title)
    if (section?.empty) return [page.problem('required-section', section, `The section “${title}” is empty`)]
    if (section) return []
    const deeper = headings.find(heading => heading.title === title)
    const before = SECTIONS.slice(0, SECTIONS.indexOf(title)).findLast(other => present.includes(other))
    return [
      page.problem('required-section', deeper ?? { line: 1, column: 1 }, `The section “${title}” is missing`, {
        expected: `## ${title}`,
        ...(deeper ? { found: `${'#'.repeat(deeper.depth)} ${title}` } : {}),
        hint: before === undefined ? `Add ## ${title} first` : `Add ## ${title} after ${before}`,
      }),
    ]
  })
}
