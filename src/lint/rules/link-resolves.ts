import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { findTarget, isOutside, type PageLink } from '../references/page-links.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** Relative links lead to files of the same part of the site. No link leads out of the handbook, because its pages are read elsewhere too. */
export const linkResolves: Rule = {
  id: 'link-resolves',
  severity: 'error',
  summary: 'Links lead to files that exist',
  hint: 'Correct the path; it is relative to this page',
  checkReferences: async (page, facts) =>
    (await Promise.all(page.links.map(link => checkLink(page, link, facts)))).flat(),
}

/** A folder with this file is a site, which is built in parts. */
const SITE = 'docusaurus.config.ts'

async function checkLink(page: Page, link: PageLink, { readText }: HandbookFacts): Promise<Violation[]> {
  const target = findTarget(page.path, link)
  if (!target) return []
  const { path, file } = target
  if (isOutside(target, page.path)) return [violation(link, `${path} leads out of the handbook`, { found: link.url })]
  if (link.image || path === '') return []
  if ((await readText(file)) === undefined) return [violation(link, `There is no file ${file}`, { found: link.url })]
  // Files at the top are not part of the site: code hosts show them.
  if (!page.path.includes('/')) return []
  if (!isPage(file) || partOf(file) === partOf(page.path)) return []
  if ((await readText(SITE)) === undefined) return []
  const where = `${file} is in another part of the site, where links to files lead nowhere`
  return [
    violation(link, where, { found: link.url, hint: `Link to its address on the site, as in ${addressOf(file)}` }),
  ]
}

function isPage(file: string): boolean {
  return /\.mdx?$/.test(file)
}

/** Runbooks and guides are built separately, so a link between their files does not work. */
function partOf(file: string): string {
  return file.split('/')[0] ?? ''
}

// Unless its front matter says otherwise.
function addressOf(file: string): string {
  return `/${file.replace(/(?:\/index)?\.mdx?$/, '')}`
}
