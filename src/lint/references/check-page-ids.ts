import type { Problem } from '../../base/index.ts'
import type { Page } from '../page.ts'

/** Demands that no two procedures have the same id: `handbook run ID` could not tell them apart. */
export function checkPageIds(pages: readonly Page[]): Problem[] {
  const first = new Map<string, Page>()
  return pages.flatMap(page => {
    const { id, kind } = page.procedure
    if (kind === 'page') return []
    const other = first.get(id)
    if (!other) {
      first.set(id, page)
      return []
    }
    return [
      page.problem('unique-page-ids', page.placeOf('id'), `${other.path} has the id ${id} already`, { found: id }),
    ]
  })
}
