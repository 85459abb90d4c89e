import { findClosest } from '../../base/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'

/** A waiver is of something. */
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
