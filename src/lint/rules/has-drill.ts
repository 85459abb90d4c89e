import { knowsFrontMatter } from '../knows-front-matter.ts'
import { type Rule, violation } from '../rule.ts'

/** What was never tried does not work. */
export const hasDrill: Rule = {
  id: 'has-drill',
  severity: 'warning',
  summary: 'A runbook has a drill',
  hint: 'Add drills: with a fault that the lab knows',
  checkPage({ procedure }) {
    // Front matter that cannot be read may well have drills.
    if (procedure.kind !== 'runbook' || procedure.drills.length > 0 || !knowsFrontMatter(procedure)) return []
    return [violation({ line: 1, column: 1 }, 'No drill proves this runbook')]
  },
}
