import type { Problem } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import { describeUnknown, oneOf } from '../describe-unknown.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import type { Page } from '../page.ts'

/** An area of the readiness catalogue, as data. */
export interface CatalogueArea {
  readonly id: string
  readonly title: string
  readonly items: readonly { readonly id: string; readonly title: string; readonly need: string }[]
}

/** What assessment pages are held against. */
export interface ReadinessFacts {
  /** The areas of the catalogue; without one a page is held against what it says itself. */
  readonly areas?: readonly CatalogueArea[]
  /** Everything that can be broken on purpose: faults and mutations. */
  readonly mutations: readonly string[]
}

/** Demands that an assessment page asks for every item of its area, measures each, and says what must make a check fail. */
export function checkReadiness(page: Page, { areas, mutations }: ReadinessFacts): Problem[] {
  const { kind, area: id, phases } = page.procedure
  if (kind !== 'assessment' || !knowsFrontMatter(page.procedure)) return []
  const checks = phases.flatMap(({ steps }) => steps)
  const area = areas ? areas.find(known => known.id === id) : describeOwnArea(page)
  if (area) {
    return [
      ...checkItems(page, area),
      ...checkNotApplicable(page, area),
      ...checkMeasured(page, area, checks),
      ...checks.flatMap(step => [...checkCheck(page, area, step), ...checkMutations(page, step, mutations)]),
    ]
  }
  const known = areas?.map(({ id }) => id) ?? []
  if (areas && id !== undefined) {
    const message = `The catalogue has no area ${id}`
    return [page.problem('known-area', page.placeOf('area'), message, describeUnknown(id, known))]
  }
  return [
    page.problem('known-area', { line: 1, column: 1 }, 'This page does not say which area it assesses', {
      expected: `area: ${known.length > 0 ? oneOf(known) : 'ID'}`,
    }),
  ]
}

/** The area of a page as the page lists it; what it says does not apply is not said to be needed. */
function describeOwnArea({ procedure: { area, title, items, notApplicable } }: Page): CatalogueArea | undefined {
  if (area === undefined) return undefined
  const need = (id: string) => (id in notApplicable ? 'optional' : 'required')
  return { id: area, title, items: Object.entries(items).map(([id, title]) => ({ id, title, need: need(id) })) }
}

function checkItems(page: Page, area: CatalogueArea): Problem[] {
  const { items } = page.procedure
  const ids = area.items.map(({ id }) => id)
  const unknown = Object.keys(items).flatMap(id => {
    if (ids.includes(id)) return []
    return [
      page.problem(
        'area-items',
        page.placeOf('items', id),
        `${area.title} has no item ${id}`,
        describeUnknown(id, ids),
      ),
    ]
  })
  const wrong = area.items.flatMap(({ id, title }) => {
    if (items[id] === title) return []
    const expected = `${id}: ${title}`
    const found = items[id]
    if (found === undefined)
      return [page.problem('area-items', page.placeOf('items'), `The item ${id} is missing`, { expected })]
    const message = `The item ${id} is called otherwise in the catalogue`
    return [page.problem('area-items', page.placeOf('items', id), message, { expected, found: `${id}: ${found}` })]
  })
  return [...unknown, ...wrong]
}

function checkNotApplicable(page: Page, area: CatalogueArea): Problem[] {
  return Object.entries(page.procedure.notApplicable).flatMap(([id, reason]) => {
    const place = page.placeOf('notApplicable', id)
    const item = area.items.find(item => item.id === id)
    if (!item) {
      const ids = area.items.map(({ id }) => id)
      return [page.problem('not-applicable', place, `${area.title} has no item ${id}`, describeUnknown(id, ids))]
    }
    if (item.need === 'required')
      return [page.problem('not-applicable', place, `Every deployment needs ${id}, ${item.title}`)]
    if (reason.trim() === '') return [page.problem('not-applicable', place, `It is not said why ${id} does not apply`)]
    return []
  })
}

function checkMeasured(page: Page, area: CatalogueArea, checks: readonly Step[]): Problem[] {
  const { items, notApplicable } = page.procedure
  return area.items.flatMap(({ id, title }) => {
    if (id in notApplicable || !(id in items) || checks.some(step => step.items.includes(id))) return []
    const message = `No check measures ${id}, ${title}: it counts as not passed`
    return [page.problem('item-has-check', page.placeOf('items', id), message)]
  })
}

function checkCheck(page: Page, area: CatalogueArea, { items, title, block }: Step): Problem[] {
  const ids = area.items.map(({ id }) => id)
  if (items.length === 0) {
    const expected = `item=${ids[0] ?? 'ID'}`
    return [page.problem('check-item', block.fence, `The check “${title}” names no item`, { expected })]
  }
  return items.flatMap(id => {
    if (ids.includes(id)) return []
    return [page.problem('check-item', block.fence, `${area.title} has no item ${id}`, describeUnknown(id, ids))]
  })
}

function checkMutations(page: Page, { breaks, block }: Step, mutations: readonly string[]): Problem[] {
  return breaks.flatMap(name => {
    if (mutations.includes(name)) return []
    const message = `The lab knows no mutation ${name}`
    return [page.problem('known-breakage', block.fence, message, describeUnknown(name, mutations))]
  })
}
