import type { CatalogueArea, HandbookFacts } from '../facts.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import type { Page } from '../page.ts'

/**
 * The area of the catalogue that a page assesses; none for another page, or one whose area there is not. Without a catalogue it is
 * what the page says itself.
 */
export function findArea(page: Page, { readiness }: HandbookFacts): CatalogueArea | undefined {
  if (!isAssessment(page)) return undefined
  if (!readiness) return undefined
  return readiness.areas ? readiness.areas.find(({ id }) => id === page.procedure.area) : describeOwnArea(page)
}

/** Whether a page is known to be an assessment. */
export function isAssessment({ procedure }: Page): boolean {
  return procedure.kind === 'assessment' && knowsFrontMatter(procedure)
}

/** The area of a page as the page lists it; what it says does not apply is not said to be needed. */
function describeOwnArea({ procedure: { area, title, items, notApplicable } }: Page): CatalogueArea | undefined {
  if (area === undefined) return undefined
  const need = (id: string) => (id in notApplicable ? 'optional' : 'required')
  return { id: area, title, items: Object.entries(items).map(([id, title]) => ({ id, title, need: need(id) })) }
}
