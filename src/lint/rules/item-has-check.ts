import { findArea } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** What nobody measures counts as not passed. */
export const itemHasCheck: Rule = {
  id: 'item-has-check',
  severity: 'warning',
  summary: 'Each item of an area is measured',
  hint: 'Add a check with item=ID behind its language',
  checkReferences(page, facts) {
    const { items, notApplicable, phases } = page.procedure
    const measured = new Set(phases.flatMap(({ steps }) => steps.flatMap(step => step.items)))
    return (findArea(page, facts)?.items ?? []).flatMap(({ id, title }) => {
      if (id in notApplicable || !(id in items) || measured.has(id)) return []
      return violation(page.placeOf('items', id), `No check measures ${id}, ${title}: it counts as not passed`)
    })
  },
}
