import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { decode, findTarget, isOutside, type PageLink } from '../references/page-links.ts'
import { describeUnknown, type Rule, type Violation, violation } from '../rule.ts'

/** A link with an anchor must lead to that anchor. */
export const anchorResolves: Rule = {
  id: 'anchor-resolves',
  severity: 'error',
  summary: 'Anchors lead to headings that exist',
  hint: 'Correct the anchor, or give the heading this id: <!-- #id -->',
  checkReferences: async (page, facts) =>
    (await Promise.all(page.links.map(link => checkLink(page, link, facts)))).flat(),
}

async function checkLink(page: Page, link: PageLink, { findPage }: HandbookFacts): Promise<Violation[]> {
  const { url, image } = link
  const found = findTarget(page.path, link)
  if (!found || isOutside(found, page.path) || found.anchor === '' || image || !/\.mdx?$/.test(found.file)) return []
  const target = found.path === '' ? page : await findPage(found.file)
  if (!target || target.anchors.includes(decode(found.anchor)) || !wasRead(target)) return []
  const where = target === page ? 'This page' : target.path
  const more = { ...describeUnknown(found.anchor, target.anchors), found: url }
  return [violation(link, `${where} has no anchor #${found.anchor}`, more)]
}

/** Whether the page could be read. If not, its anchors are unknown, and another rule reports it. */
function wasRead({ procedure }: Page): boolean {
  return !procedure.problems.some(({ rule }) => rule === 'markdown')
}
