import { describeUnknown } from '../describe-unknown.ts'
import { findArea } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** Nobody gets rid of an item by saying so. */
export const notApplicable: Rule = {
  id: 'not-applicable',
  severity: 'error',
  summary: 'Only an optional item can be not applicable, and only with a reason',
  hint: 'Take it out of notApplicable:, or give the reason',
  checkReferences(page, facts) {
    const area = findArea(page, facts)
    if (!area) return []
    return Object.entries(page.procedure.notApplicable).flatMap(([id, reason]) => {
      const place = page.placeOf('notApplicable', id)
      const item = area.items.find(item => item.id === id)
      if (!item) {
        const ids = area.items.map(({ id }) => id)
        return violation(place, `${area.title} has no item ${id}`, describeUnknown(id, ids))
      }
      if (item.need === 'required') return violation(place, `Every deployment needs ${id}, ${item.title}`)
      return reason.trim() === '' ? violation(place, `Nothing says why ${id} does not apply`) : []
    })
  },
}
