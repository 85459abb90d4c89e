import { parseDuration } from '../../base/index.ts'
import { knowsFrontMatter } from '../page.ts'
import { type Rule, violation } from '../rule.ts'

/** A page that nobody has read for long may be wrong by now. */
export const reviewedLately: Rule = {
  id: 'reviewed-lately',
  severity: 'warning',
  summary: 'A person has reviewed a runbook lately enough',
  hint: 'Read it, try it, and set reviewed: to today',
  checkPage(page, { file, today }) {
    const { kind, reviewed } = page.procedure
    if (kind !== 'runbook' || !knowsFrontMatter(page.procedure)) return []
    const place = page.placeOf('reviewed')
    if (reviewed === undefined) return [violation(place, 'This runbook was never reviewed')]
    if (!isDay(reviewed)) return []
    const age = Date.parse(today) - Date.parse(reviewed)
    const limit = parseDuration(file.reviewEvery) ?? Number.POSITIVE_INFINITY
    if (age <= limit) return []
    const message = `The last review, of ${reviewed}, is ${Math.floor(age / DAY)} days old`
    return [violation(place, message, { expected: `at most ${file.reviewEvery}`, found: reviewed })]
  },
}

/** The day of a review is a real day, and not in the future. */
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

/** Milliseconds of a day. */
const DAY = 86_400_000

/** Whether a text is a day of the calendar, as an ISO date. */
export function isDay(text: string): boolean {
  const date = Date.parse(text)
  // Some engines roll 31 February over to March.
  return !Number.isNaN(date) && new Date(date).toISOString().slice(0, 10) === text
}
