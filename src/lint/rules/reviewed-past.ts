import { DAY, isDay } from '../day.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import { type Rule, violation } from '../rule.ts'

/** A review has happened. */
export const reviewedPast: Rule = {
  id: 'reviewed-past',
  severity: 'error',
  summary: 'A review lies in the past',
  hint: 'Set reviewed: to the day on which a person has read the page',
  checkPage(page, { today }) {
    const { kind, reviewed } = page.procedure
    if (kind !== 'runbook' || !knowsFrontMatter(page.procedure) || reviewed === undefined) return []
    const place = page.placeOf('reviewed')
    if (!isDay(reviewed)) return [violation(place, `${reviewed} is not a day`, { found: reviewed })]
    // An author east of the machine that checks may be a day ahead.
    if (Date.parse(today) - Date.parse(reviewed) >= -DAY) return []
    return [violation(place, `The review of ${reviewed} lies in the future`, { found: reviewed })]
  },
}
