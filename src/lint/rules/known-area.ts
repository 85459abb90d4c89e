import { describeUnknown, oneOf } from '../describe-unknown.ts'
import { findArea, isAssessment } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** What a page assesses counts somewhere. */
export const knownArea: Rule = {
  id: 'known-area',
  severity: 'error',
  summary: 'An assessment page assesses an area of the catalogue',
  hint: 'Add area: with one of its ids',
  checkReferences(page, facts) {
    if (!facts.readiness || !isAssessment(page) || findArea(page, facts)) return []
    const { areas } = facts.readiness
    const known = areas?.map(({ id }) => id) ?? []
    const { area } = page.procedure
    if (areas && area !== undefined) {
      return [violation(page.placeOf('area'), `The catalogue has no area ${area}`, describeUnknown(area, known))]
    }
    const message = 'This page does not say which area it assesses'
    return [violation({ line: 1, column: 1 }, message, { expected: `area: ${known.length > 0 ? oneOf(known) : 'ID'}` })]
  },
}
