import { type Rule, violation } from '../rule.ts'

/** The sections of every runbook, in this order. */
const SECTIONS = ['Meaning', 'Impact', 'Diagnose', 'Mitigate', 'Verify', 'Roll back', 'Escalate', 'Prevent'] as const

/** Every runbook has the same sections, and none is empty. */
export const requiredSection: Rule = {
  id: 'required-section',
  severity: 'error',
  summary: 'A runbook has all of its sections, each with content',
  hint: 'Fill it, or say why there is nothing to do',
  checkPage({ procedure: { kind, sections, headings, problems } }) {
    // A fence that is not closed holds sections, too.
    if (kind !== 'runbook' || problems.some(({ rule }) => rule === 'closed-fence')) return []
    const present = SECTIONS.filter(title => sections.some(section => section.title === title))
    return SECTIONS.flatMap(title => {
      const section = sections.find(section => section.title === title)
      if (section?.empty) return [violation(section, `The section “${title}” is empty`)]
      if (section) return []
      const deeper = headings.find(heading => heading.title === title)
      const before = SECTIONS.slice(0, SECTIONS.indexOf(title)).findLast(other => present.includes(other))
      return [
        violation(deeper ?? { line: 1, column: 1 }, `The section “${title}” is missing`, {
          expected: `## ${title}`,
          ...(deeper ? { found: `${'#'.repeat(deeper.depth)} ${title}` } : {}),
          hint: before === undefined ? `Add ## ${title} first` : `Add ## ${title} after ${before}`,
        }),
      ]
    })
  },
}
