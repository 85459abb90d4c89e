import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'

/** A drill begins as an incident does: by an alert. */
export const drillAlert: Rule = {
  id: 'drill-alert',
  severity: 'error',
  summary: 'A drill waits for an alert of its page',
  hint: 'Add it to alerts:, or name another one',
  checkPage(page) {
    const { kind, drills, alerts } = page.procedure
    if (kind !== 'runbook') return []
    return drills.flatMap(({ alert }, index) => {
      if (alert === undefined) {
        if (alerts.length > 0) return []
        const place = page.placeOf('drills', index, 'fault')
        return violation(place, 'No alert can fire in this drill, because the page names none')
      }
      if (alerts.includes(alert)) return []
      const place = page.placeOf('drills', index, 'alert')
      return violation(place, `${alert} is no alert of this page`, describeUnknown(alert, alerts))
    })
  },
}
