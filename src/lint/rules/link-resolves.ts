import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { findTarget, isOutside, type PageLink } from '../references/page-links.ts'
import { addressOf, SITE } from '../references/site-address.ts'
import { findNearest, findOnSite, isElsewhere } from '../references/site-routes.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/**
 * Links lead to files of the same part of the site, or to addresses of the site. No link leads out of the handbook, because its pages are
 * read elsewhere too.
 */
export const linkResolves: Rule = {
  id: 'link-resolves',
  severity: 'error',
  summary: 'Links lead to files that exist, or to addresses that the site has',
  hint: 'Correct the path; it is relative to this page, or an address of the site when it begins with /',
  checkReferences: async (page, facts) =>
    (await Promise.all(page.links.map(link => checkLink(page, link, facts)))).flat(),
}

async function checkLink(page: Page, link: PageLink, facts: HandbookFacts): Promise<Violation[]> {
  const { readText, readRoutes, findPage } = facts
  const found = link.url
  const onSite = await findOnSite(page, link, facts)
  if (onSite) {
    if (onSite.page || (await isElsewhere(onSite.address, facts))) return []
    const nearest = findNearest(onSite.address, (await readRoutes()) ?? new Map())
    const hint = nearest === undefined ? {} : { hint: `Did you mean ${nearest}?` }
    return [violation(link, `The site has no page ${onSite.address}`, { found, ...hint })]
  }
  const target = findTarget(page.path, link)
  if (!target) return []
  const { path, file } = target
  if (isOutside(target, page.path)) return [violation(link, `${path} leads out of the handbook`, { found })]
  if (link.image || path === '') return []
  if ((await readText(file)) === undefined) return [violation(link, `There is no file ${file}`, { found })]
  // Files at the top are not part of the site: code hosts show them.
  if (!page.path.includes('/')) return []
  if (!isPage(file) || partOf(file) === partOf(page.path)) return []
  if ((await readText(SITE)) === undefined) return []
  const where = `${file} is in another part of the site, where links to files lead nowhere`
  const other = await findPage(file)
  const hint = `Link to its address on the site${other ? `: ${addressOf(other, true)}` : ''}`
  return [violation(link, where, { found, hint })]
}

function isPage(file: string): boolean {
  return /\.mdx?$/.test(file)
}

/** Runbooks and guides are built separately, so a link between their files does not work. */
function partOf(file: string): string {
  return file.split('/')[0] ?? ''
}
