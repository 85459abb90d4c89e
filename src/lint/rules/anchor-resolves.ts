import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { decode, findTarget, isOutside, type PageLink } from '../references/page-links.ts'
import { findOnSite } from '../references/site-routes.ts'
import { describeUnknown, type Rule, type Violation, violation } from '../rule.ts'

/** A link with an anchor must lead to that anchor. Pages that the site makes itself have anchors that only its build knows. */
export const anchorResolves: Rule = {
  id: 'anchor-resolves',
  severity: 'error',
  summary: 'Anchors lead to headings that exist',
  hint: 'Correct the anchor, or give the heading this id: <!-- #id -->',
  checkReferences: async (page, facts) =>
    (await Promise.all(page.links.map(link => checkLink(page, link, facts)))).flat(),
}

async function checkLink(page: Page, link: PageLink, facts: HandbookFacts): Promise<Violation[]> {
  const { url } = link
  const found = (await findOnSite(page, link, facts)) ?? (await findInFile(page, link, facts))
  if (!found?.page || found.anchor === '') return []
  const target = found.page
  const anchor = decode(found.anchor)
  if (target.anchors.includes(anchor) || !wasRead(target)) return []
  const where = target === page ? 'This page' : target.path
  const more = { ...describeUnknown(anchor, target.anchors), found: url }
  return [violation(link, `${where} has no anchor #${anchor}`, more)]
}

async function findInFile(page: Page, link: PageLink, { findPage }: HandbookFacts) {
  const found = findTarget(page.path, link)
  if (!found || isOutside(found, page.path) || link.image || !/\.mdx?$/.test(found.file)) return undefined
  return { anchor: found.anchor, page: found.path === '' ? page : await findPage(found.file) }
}

/** Whether the page could be read. If not, its anchors are unknown, and another rule reports it. */
function wasRead({ procedure }: Page): boolean {
  return !procedure.problems.some(({ rule }) => rule === 'markdown')
}
