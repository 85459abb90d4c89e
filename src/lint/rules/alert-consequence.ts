import type { AlertFacts } from '../facts.ts'
import { describeUnknown, type FileViolation, oneOf, type Rule, violation } from '../rule.ts'

/** Of two alerts, the one that harms customers more must be seen first. */
export const alertConsequence: Rule = {
  id: 'alert-consequence',
  severity: 'error',
  summary: 'An alert says what it means for customers, in words that handbook.yaml has under consequences',
  hint: 'Add the annotation consequence: with one of the texts that handbook.yaml lists under consequences',
  checkAlerts({ rules, file: { consequences } }: AlertFacts) {
    if (consequences.length === 0) return []
    return rules.rules.flatMap((rule): FileViolation[] => {
      if (rule.kind !== 'alert' || rule.labels.severity === 'none') return []
      const { consequence } = rule.annotations
      if (consequence !== undefined && consequences.includes(consequence)) return []
      const found = consequence === undefined ? {} : describeUnknown(consequence, consequences)
      const message = `${rule.alert} does not say what it means for customers`
      return [{ file: rule.file, ...violation(rule, message, { expected: oneOf(consequences), ...found }) }]
    })
  },
}
