import { describeUnknown } from '../describe-unknown.ts'
import { type Rule, violation } from '../rule.ts'

/** What a drill waits for can happen. */
export const drillExpects: Rule = {
  id: 'drill-expects',
  severity: 'error',
  summary: 'A drill expects steps of Mitigate',
  hint: 'Name a step by its id',
  checkPage(page) {
    const { kind, drills, phases } = page.procedure
    if (kind !== 'runbook') return []
    const known = phases.filter(({ name }) => name === 'mitigate').flatMap(({ steps }) => steps.map(({ id }) => id))
    return drills.flatMap(({ expect }, index) =>
      expect.flatMap((step, at) => {
        if (known.includes(step)) return []
        const place = page.placeOf('drills', index, 'expect', at)
        return violation(place, `This page has no step ${step} in Mitigate`, describeUnknown(step, known))
      }),
    )
  },
}
