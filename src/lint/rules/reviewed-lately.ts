import { parseDuration } from '../../base/index.ts'
import { DAY, isDay } from '../day.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import { type Rule, violation } from '../rule.ts'

/** What nobody has read for long is no longer true. */
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
