import { type Problem, parseDuration } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import { isDay } from '../is-day.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import type { Page } from '../page.ts'

const DAY = 86_400_000

/** Demands that a runbook has an owner, and that a person has reviewed it lately. */
export function checkKeeping(page: Page, file: HandbookFile, today: string): Problem[] {
  if (page.procedure.kind !== 'runbook' || !knowsFrontMatter(page.procedure)) return []
  return [...checkOwner(page, file), ...checkReview(page, file, today)]
}

function checkOwner(page: Page, file: HandbookFile): Problem[] {
  const { owner } = page.procedure
  const owners = Object.keys(file.owners)
  if (owner !== undefined && owners.includes(owner)) return []
  const place = page.placeOf('owner')
  if (owner !== undefined) {
    const message = `handbook.yaml knows no owner ${owner}`
    return [page.problem('known-owner', place, message, describeUnknown(owner, owners))]
  }
  return [
    page.problem('known-owner', place, 'Nobody owns this runbook', { expected: `owner: one of ${owners.join(', ')}` }),
  ]
}

function checkReview(page: Page, file: HandbookFile, today: string): Problem[] {
  const { reviewed } = page.procedure
  if (reviewed === undefined)
    return [page.problem('reviewed-lately', page.placeOf('reviewed'), 'This runbook was never reviewed')]
  if (!isDay(reviewed)) {
    return [page.problem('reviewed-past', page.placeOf('reviewed'), `${reviewed} is not a day`, { found: reviewed })]
  }
  const age = Date.parse(today) - Date.parse(reviewed)
  // An author east of the machine that checks may be a day ahead.
  if (age < -DAY)
    return [
      page.problem('reviewed-past', page.placeOf('reviewed'), `The review of ${reviewed} lies in the future`, {
        found: reviewed,
      }),
    ]
  const limit = parseDuration(file.reviewEvery) ?? Number.POSITIVE_INFINITY
  if (age <= limit) return []
  const message = `The last review, of ${reviewed}, is ${Math.floor(age / DAY)} days old`
  return [
    page.problem('reviewed-lately', page.placeOf('reviewed'), message, {
      expected: `at most ${file.reviewEvery}`,
      found: reviewed,
    }),
  ]
}
