import { posix } from 'node:path'
import { formatPlace } from '../../base/index.ts'
import { readMatter } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { decode } from '../references/page-links.ts'
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
      const key = route.normalize().toLowerCase()
      const other = byRoute.get(key)
      byRoute.set(key, other ?? page)
      // Another rule reports two procedures with the same name.
      if (!other || haveOneName(page, other)) return []
      const before = findRoute(other, isSite)
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

/**
 * The address as Docusaurus makes it. It is the slug, relative to the part's root or to the folder; for an index the folder; else folder
 * and id. Numbers before names, such as `01-`, are only for the order.
 */
function findRoute(page: Page, isSite: boolean): string {
  const { path, procedure } = page
  const [first = '', ...folders] = posix.dirname(path).split('/')
  const part = first === '.' ? '/' : `/${first}`
  const folder = posix.join(part, ...folders.map(stripNumber))
  const slug = readSlug(page)
  if (slug !== undefined) return tidy(slug.startsWith('/') ? posix.join(part, slug) : posix.join(folder, slug))
  const file = posix.basename(path).replace(/\.mdx?$/, '')
  const above = posix.basename(posix.dirname(path)).toLowerCase()
  const isIndex = ['index', 'readme'].includes(file.toLowerCase()) || (isSite && file.toLowerCase() === above)
  if (isIndex) return tidy(folder)
  const isNamed = page.keys().some(({ name }) => name === 'id')
  const keepsNumber = /^["']?parse_number_prefixes["']?[ \t]*:[ \t]*false\b/m.test(page.matter?.yaml ?? '')
  return tidy(posix.join(folder, isNamed || keepsNumber ? procedure.id : stripNumber(file)))
}

/** Docusaurus takes `2021-11-foo` and `7.0-foo` for a date and a version. */
function stripNumber(name: string): string {
  if (/^\d+[-_.]\d+/.test(name)) return name
  return /^\d+\s*[-_.]+\s*([^-_.\s].*)$/.exec(name)?.[1] ?? name
}

function tidy(route: string): string {
  return route.length > 1 ? route.replace(/\/+$/, '') : route
}

function readSlug({ matter }: Page): string | undefined {
  if (!matter || !/^["']?slug\b/m.test(matter.yaml)) return undefined
  const { document } = readMatter(matter.yaml, matter.firstLine)
  const slug: unknown = document.errors.length > 0 ? undefined : document.get('slug')
  return typeof slug === 'number' || (typeof slug === 'string' && slug !== '') ? decode(String(slug)) : undefined
}
