import { type Rule, violation } from '../rule.ts'

/** By convention an alert has a severity, a summary and a description. */
export const alertDescribed: Rule = {
  id: 'alert-described',
  severity: 'warning',
  summary: 'An alert has a severity, a summary and a description',
  hint: 'Give it the label severity, and the annotations summary and description',
  checkAlerts: ({ rules, every }) =>
    rules.rules.flatMap(rule => {
      if (rule.kind !== 'alert' || !every) return []
      const missing = [
        ...(rule.labels.severity ? [] : ['label severity']),
        ...['summary', 'description'].filter(key => !rule.annotations[key]).map(key => `annotation ${key}`),
      ]
      if (missing.length === 0) return []
      return { file: rule.file, ...violation(rule, `${rule.alert} has no ${missing.join(' and no ')}`) }
    }),
}
