import { posix } from 'node:path'
import { formatPlace } from '../../base/index.ts'
import { readMatter } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { type FileViolation, type Rule, violation } from '../rule.ts'

/** If two pages have one address, the site shows only one of them. */
export const uniqueRoutes: Rule = {
  id: 'unique-routes',
  severity: 'error',
  summary: 'Each page has an address of its own',
  hint: 'Rename one of the files, or give it another slug: in the front matter',
  async checkHandbook(pages, { readText }) {
    const isSite = (await readText('docusaurus.config.ts')) !== undefined
    const byRoute = new Map<string, Page>()
    return pages.flatMap((page): FileViolation[] => {
      const route = findRoute(page, isSite)
      const key = route.toLowerCase()
      const other = byRoute.get(key)
      byRoute.set(key, other ?? page)
      // Another rule reports two procedures with the same name.
      if (!other || haveOneName(page, other)) return []
      const before = findRoute(other, isSite)
      const more = before === route ? '' : `, which differs from ${route} only in case`
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

/**
 * The address as Docusaurus makes it. It is the slug, relative to the part's root or to the folder; for an index the folder; else folder
 * and id.
 */
function findRoute(page: Page, isSite: boolean): string {
  const { path, procedure } = page
  const folder = `/${posix.dirname(path)}`.replace('/.', '/')
  const part = `/${folder.split('/')[1] ?? ''}`
  const slug = readSlug(page)
  if (slug !== undefined) return tidy(slug.startsWith('/') ? posix.join(part, slug) : posix.join(folder, slug))
  const file = posix
    .basename(path)
    .replace(/\.mdx?$/, '')
    .toLowerCase()
  const isIndex = ['index', 'readme'].includes(file) || (isSite && file === posix.basename(folder).toLowerCase())
  return tidy(isIndex ? folder : posix.join(folder, procedure.id))
}

function tidy(route: string): string {
  return route.length > 1 ? route.replace(/\/+$/, '') : route
}

function readSlug({ matter }: Page): string | undefined {
  if (!matter || !/^["']?slug\b/m.test(matter.yaml)) return undefined
  const { document } = readMatter(matter.yaml, matter.firstLine)
  const slug: unknown = document.errors.length > 0 ? undefined : document.get('slug')
  return typeof slug === 'string' && slug !== '' ? slug : undefined
}
