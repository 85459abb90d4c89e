import { type Rule, violation } from '../rule.ts'

/** Some rules no page may waive. */
export const waiverAllowed: Rule = {
  id: 'waiver-allowed',
  severity: 'error',
  summary: 'A waiver names a rule that can be waived',
  hint: 'Do what the rule demands',
  checkWaiver({ rule }, { page, index, rules }) {
    const why = rules.get(rule)?.never
    if (why === undefined) return []
    return [violation(page.placeOf('waivers', index, 'rule'), `${rule} cannot be waived: ${why}`, { found: rule })]
  },
}
