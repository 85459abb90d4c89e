import type { CatalogueArea, HandbookFacts } from '../facts.ts'
import { knowsFrontMatter, type Page } from '../page.ts'
import { describeUnknown, oneOf, type Rule, violation } from '../rule.ts'

/** A page must assess a known area, or its results count nowhere. */
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

/** No item of an area is missing, and each has the title of the catalogue. */
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

/** An item without a check counts as not passed. */
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

/** The result of every check counts for an item. */
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

/** With a known mutation, it can be proven that the check can fail. */
export const knownBreakage: Rule = {
  id: 'known-breakage',
  severity: 'error',
  summary: 'The lab knows each mutation that must make a check fail',
  hint: 'Give the lab that mutation, or correct the name',
  checkReferences(page, facts) {
    if (!findArea(page, facts)) return []
    const known = facts.readiness?.mutations ?? []
    const checks = page.procedure.phases.flatMap(({ steps }) => steps)
    return checks.flatMap(({ breaks, block }) =>
      breaks.flatMap(name =>
        known.includes(name)
          ? []
          : violation(block.fence, `The lab knows no mutation ${name}`, describeUnknown(name, known)),
      ),
    )
  },
}

/** A required item cannot be removed. */
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

/**
 * The area of the catalogue that a page assesses; `undefined` for other pages and for unknown areas. Without a catalogue, it is
 * the area that the page itself describes.
 */
function findArea(page: Page, { readiness }: HandbookFacts): CatalogueArea | undefined {
  if (!isAssessment(page)) return undefined
  if (!readiness) return undefined
  return readiness.areas ? readiness.areas.find(({ id }) => id === page.procedure.area) : describeOwnArea(page)
}

/** Whether a page is known to be an assessment. */
function isAssessment({ procedure }: Page): boolean {
  return procedure.kind === 'assessment' && knowsFrontMatter(procedure)
}

/** The area of a page from its own front matter. An item that does not apply counts as optional. */
function describeOwnArea({ procedure: { area, title, items, notApplicable } }: Page): CatalogueArea | undefined {
  if (area === undefined) return undefined
  const need = (id: string) => (id in notApplicable ? 'optional' : 'required')
  return { id: area, title, items: Object.entries(items).map(([id, title]) => ({ id, title, need: need(id) })) }
}
