import type { Page } from '../page.ts'
import { describeUnknown, type Rule, type Violation, violation } from '../rule.ts'

/** A page must not answer an alert that does not exist. */
export const alertExists: Rule = {
  id: 'alert-exists',
  severity: 'error',
  summary: 'The alerts of a page are in the rule files',
  hint: 'Add the rule, or correct the name',
  checkPage: (page, { alerts }) => (alerts ? findUnknownAlerts(page, alerts) : []),
  isJudged: ({ alerts }) => alerts !== undefined,
}

/** Where a page names alerts that are not among those that there are. */
export function findUnknownAlerts(page: Page, alerts: readonly string[]): readonly Violation[] {
  return page.procedure.alerts.flatMap((alert, index) => {
    if (alerts.includes(alert)) return []
    return violation(
      page.placeOf('alerts', index),
      `No rule file has an alert ${alert}`,
      describeUnknown(alert, alerts),
    )
  })
}
