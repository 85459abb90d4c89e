import type { Page } from '../page.ts'
import { type Rule, violation } from '../rule.ts'

/** When two procedures have the same id, `handbook run ID` cannot tell them apart. */
export const uniquePageIds: Rule = {
  id: 'unique-page-ids',
  severity: 'error',
  summary: 'Pages have ids of their own',
  hint: 'Rename the file, or give it an id in the front matter',
  checkHandbook(pages) {
    const first = new Map<string, Page>()
    return pages.flatMap(page => {
      const { id, kind } = page.procedure
      if (kind === 'page') return []
      const other = first.get(id)
      if (!other) {
        first.set(id, page)
        return []
      }
      const message = `${other.path} has the id ${id} already`
      return [{ file: page.path, ...violation(page.placeOf('id'), message, { found: id }) }]
    })
  },
  isJudged: ({ whole }) => whole,
}
