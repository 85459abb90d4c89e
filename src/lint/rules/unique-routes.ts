import { formatPlace } from '../../base/index.ts'
import type { Page } from '../page.ts'
import { addressOf, readSlug, SITE } from '../references/site-address.ts'
import { type FileViolation, type Rule, violation } from '../rule.ts'

/** If two pages have one address, the site shows only one of them. */
export const uniqueRoutes: Rule = {
  id: 'unique-routes',
  severity: 'error',
  summary: 'Each page has an address of its own',
  hint: 'Rename one of the files, or give it another slug: in the front matter',
  async checkHandbook(pages, { readText }) {
    const isSite = (await readText(SITE)) !== undefined
    const byRoute = new Map<string, Page>()
    return pages.flatMap((page): FileViolation[] => {
      const route = addressOf(page, isSite)
      const key = route.normalize().toLowerCase()
      const other = byRoute.get(key)
      byRoute.set(key, other ?? page)
      // Another rule reports two procedures with the same name.
      if (!other || haveOneName(page, other)) return []
      const before = addressOf(other, isSite)
      const isSame = before.normalize() === route.normalize()
      const differs = isSame ? `looks the same as ${route}` : `differs from ${route} only in case`
      const more = before === route ? '' : `, which ${differs}`
      const place = formatPlace({ file: other.path, ...placeOf(other) })
      const message = `${place} is at the address ${before} already${more}`
      return [{ file: page.path, ...violation(placeOf(page), message, { found: route }) }]
    })
  },
  isJudged: ({ whole }) => whole,
}

function placeOf(page: Page) {
  return page.placeOf(readSlug(page) === undefined ? 'id' : 'slug')
}

function haveOneName({ procedure: a }: Page, { procedure: b }: Page): boolean {
  return a.id.toLowerCase() === b.id.toLowerCase() && (a.kind !== 'page' || b.kind !== 'page')
}
