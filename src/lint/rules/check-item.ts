import { describeUnknown } from '../describe-unknown.ts'
import { findArea } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** What a check finds counts for something. */
export const checkItem: Rule = {
  id: 'check-item',
  severity: 'error',
  summary: 'A check measures items of its page',
  hint: 'Add item=ID behind its language',
  checkReferences(page, facts) {
    const area = findArea(page, facts)
    if (!area) return []
    const ids = area.items.map(({ id }) => id)
    const checks = page.procedure.phases.flatMap(({ steps }) => steps)
    return checks.flatMap(({ items, title, block: { fence } }) => {
      if (items.length === 0) {
        const expected = `item=${ids[0] ?? 'ID'}`
        return violation(fence, `The check “${title}” names no item`, { expected })
      }
      return items.flatMap(id =>
        ids.includes(id) ? [] : violation(fence, `${area.title} has no item ${id}`, describeUnknown(id, ids)),
      )
    })
  },
}
