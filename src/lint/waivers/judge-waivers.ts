import { findClosest, type Problem } from '../../base/index.ts'
import type { Waiver } from '../../procedure/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import { isDay } from '../is-day.ts'
import type { Page } from '../page.ts'
import { isRule, RULES, type RuleId, whyNeverWaived } from '../rules.ts'

/** A waiver that counts today. */
export interface ActiveWaiver {
  /** Its number in the front matter, from 0. */
  readonly index: number
  readonly rule: RuleId
  readonly reason: string
  readonly until: string
  readonly step?: string
}

/** The waivers of a page that count on a day, and what is wrong with the others: those waive nothing. */
export function judgeWaivers(page: Page, today: string): { active: readonly ActiveWaiver[]; problems: Problem[] } {
  const active: ActiveWaiver[] = []
  const problems: Problem[] = []
  for (const [index, waiver] of page.procedure.waivers.entries()) {
    const found = [
      checkRule(page, waiver, index),
      checkStep(page, waiver, index),
      checkReason(page, waiver, index),
      checkUntil(page, waiver, index, today),
    ].flat()
    problems.push(...found)
    const { rule, reason, until, step } = waiver
    if (found.length === 0 && isRule(rule) && reason !== undefined && until !== undefined)
      active.push({ index, rule, reason, until, ...(step === undefined ? {} : { step }) })
  }
  return { active, problems }
}

function checkRule(page: Page, { rule }: Waiver, index: number): Problem[] {
  const place = page.placeOf('waivers', index, 'rule')
  if (!isRule(rule)) {
    const closest = findClosest(rule, Object.keys(RULES))
    const more = { found: rule, ...(closest === undefined ? {} : { hint: `Did you mean ${closest}?` }) }
    return [page.problem('waiver-target', place, `There is no rule ${rule}`, more)]
  }
  const why = whyNeverWaived(rule)
  return why === undefined
    ? []
    : [page.problem('waiver-allowed', place, `${rule} cannot be waived: ${why}`, { found: rule })]
}

function checkStep(page: Page, { step }: Waiver, index: number): Problem[] {
  const ids = page.procedure.phases.flatMap(({ steps }) => steps.map(({ id }) => id))
  if (step === undefined || ids.includes(step)) return []
  const place = page.placeOf('waivers', index, 'step')
  return [page.problem('waiver-target', place, `This page has no step ${step}`, describeUnknown(step, ids))]
}

function checkReason(page: Page, { rule, reason = '' }: Waiver, index: number): Problem[] {
  if (reason.trim() !== '') return []
  return [page.problem('waiver-reason', page.placeOf('waivers', index), `Nobody says why ${rule} is waived`)]
}

function checkUntil(page: Page, { rule, until }: Waiver, index: number, today: string): Problem[] {
  if (until === undefined) {
    return [page.problem('waiver-until', page.placeOf('waivers', index), `Nobody says until when ${rule} is waived`)]
  }
  const place = page.placeOf('waivers', index, 'until')
  if (!isDay(until)) return [page.problem('waiver-until', place, `${until} is not a day`, { found: until })]
  const latest = addYear(today)
  if (until > latest) {
    const more = { expected: `at most ${latest}`, found: until }
    return [page.problem('waiver-until', place, `${until} is more than a year away`, more)]
  }
  if (until >= today) return []
  return [page.problem('waiver-current', place, `The waiver of ${rule} expired after ${until}`, { found: until })]
}

function addYear(day: string): string {
  const date = new Date(day)
  date.setUTCFullYear(date.getUTCFullYear() + 1)
  return date.toISOString().slice(0, 10)
}
