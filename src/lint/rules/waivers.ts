import { findClosest } from '../../base/index.ts'
import { describeUnknown, type Rule, type RuleText, violation } from '../rule.ts'
import { isDay } from './reviews.ts'

/** A waiver names a known rule, and a step of its page. */
export const waiverTarget: Rule = {
  id: 'waiver-target',
  severity: 'error',
  summary: 'A waiver names a rule, and a step of its page',
  hint: 'See the list of rules, or handbook check --explain RULE',
  checkWaiver({ rule, step }, { page, index, rules }) {
    const steps = page.procedure.phases.flatMap(({ steps }) => steps.map(({ id }) => id))
    const closest = findClosest(rule, rules.keys())
    const more = { found: rule, ...(closest === undefined ? {} : { hint: `Did you mean ${closest}?` }) }
    return [
      ...(rules.has(rule) ? [] : [violation(page.placeOf('waivers', index, 'rule'), `There is no rule ${rule}`, more)]),
      ...(step === undefined || steps.includes(step)
        ? []
        : [
            violation(
              page.placeOf('waivers', index, 'step'),
              `This page has no step ${step}`,
              describeUnknown(step, steps),
            ),
          ]),
    ]
  },
}

/** Some rules cannot be waived. */
export const waiverAllowed: Rule = {
  id: 'waiver-allowed',
  severity: 'error',
  summary: 'A waiver names a rule that can be waived',
  hint: 'Do what the rule demands',
  checkWaiver({ rule }, { page, index, rules }) {
    const why = rules.get(rule)?.never
    if (why === undefined) return []
    return [violation(page.placeOf('waivers', index, 'rule'), `${rule} cannot be waived: ${why}`, { found: rule })]
  },
}

/** The next reader must learn the reason. */
export const waiverReason: Rule = {
  id: 'waiver-reason',
  severity: 'error',
  summary: 'A waiver says why',
  hint: 'Add reason: with what the next reader must know',
  checkWaiver: ({ rule, reason = '' }, { page, index }) =>
    reason.trim() === '' ? [violation(page.placeOf('waivers', index), `Nobody says why ${rule} is waived`)] : [],
}

/** No waiver is forever. */
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

/** A waiver ends, so that somebody looks at it again. */
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

/** Checked in src/lint/waivers.ts, which applies the waivers. */
export const waiverUsed: RuleText = {
  id: 'waiver-used',
  severity: 'warning',
  summary: 'A waiver waives something',
  hint: 'Delete it: the rule holds without it',
}
