import { isDay } from '../day.ts'
import { type Rule, violation } from '../rule.ts'

/** What was put off is looked at again. */
export const waiverCurrent: Rule = {
  id: 'waiver-current',
  severity: 'warning',
  summary: 'A waiver has not expired',
  hint: 'Do what the rule demands, or renew the waiver with a reason and a day',
  checkWaiver({ rule, until }, { page, index, today }) {
    if (until === undefined || !isDay(until) || until >= today) return []
    const place = page.placeOf('waivers', index, 'until')
    return [violation(place, `The waiver of ${rule} expired after ${until}`, { found: until })]
  },
}
