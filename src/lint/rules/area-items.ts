import { describeUnknown } from '../describe-unknown.ts'
import { findArea } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** No item of an area is left out, and each is called as everywhere. */
export const areaItems: Rule = {
  id: 'area-items',
  severity: 'error',
  summary: 'An assessment page lists each item of its area, as the catalogue calls it',
  hint: 'Copy it from the catalogue into items:',
  checkReferences(page, facts) {
    const area = findArea(page, facts)
    if (!area) return []
    const { items } = page.procedure
    const ids = area.items.map(({ id }) => id)
    const unknown = Object.keys(items).flatMap(id => {
      if (ids.includes(id)) return []
      return violation(page.placeOf('items', id), `${area.title} has no item ${id}`, describeUnknown(id, ids))
    })
    const wrong = area.items.flatMap(({ id, title }) => {
      const found = items[id]
      if (found === title) return []
      const expected = `${id}: ${title}`
      if (found === undefined) return violation(page.placeOf('items'), `The item ${id} is missing`, { expected })
      const message = `The item ${id} has another title in the catalogue`
      return violation(page.placeOf('items', id), message, { expected, found: `${id}: ${found}` })
    })
    return [...unknown, ...wrong]
  },
}
