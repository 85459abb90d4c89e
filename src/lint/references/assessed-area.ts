import type { CatalogueArea, HandbookFacts } from '../facts.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import type { Page } from '../page.ts'

/** The area of the catalogue that a page assesses; none for another page, or one whose area there is not. */
export function findArea(page: Page, { readiness }: HandbookFacts): CatalogueArea | undefined {
  if (!isAssessment(page)) return undefined
  return readiness?.areas.find(({ id }) => id === page.procedure.area)
}

/** Whether a page is known to be an assessment. */
export function isAssessment({ procedure }: Page): boolean {
  return procedure.kind === 'assessment' && knowsFrontMatter(procedure)
}
