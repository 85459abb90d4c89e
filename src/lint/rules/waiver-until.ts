import { isDay } from '../day.ts'
import { type Rule, violation } from '../rule.ts'

/** Nothing is waived for good. */
export const waiverUntil: Rule = {
  id: 'waiver-until',
  severity: 'error',
  summary: 'A waiver ends on a day, within a year',
  hint: 'Add until: with the day on which somebody looks at it again',
  checkWaiver({ rule, until }, { page, index, today }) {
    if (until === undefined) {
      return [violation(page.placeOf('waivers', index), `Nobody says until when ${rule} is waived`)]
    }
    const place = page.placeOf('waivers', index, 'until')
    if (!isDay(until)) return [violation(place, `${until} is not a day`, { found: until })]
    const latest = addYear(today)
    if (until <= latest) return []
    return [violation(place, `${until} is more than a year away`, { expected: `at most ${latest}`, found: until })]
  },
}

function addYear(day: string): string {
  const date = new Date(day)
  date.setUTCFullYear(date.getUTCFullYear() + 1)
  return date.toISOString().slice(0, 10)
}
