import type { HandbookFacts } from '../facts.ts'
import type { Page } from '../page.ts'
import { findTarget, isOutside } from '../references/link-target.ts'
import type { PageLink } from '../references/list-links.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** Relative links lead to files, and no link leads out of the handbook, whose pages are read elsewhere, too. */
export const linkResolves: Rule = {
  id: 'link-resolves',
  severity: 'error',
  summary: 'Links lead to files that exist',
  hint: 'Correct the path; it is relative to this page',
  checkReferences: async (page, facts) =>
    (await Promise.all(page.links.map(link => checkLink(page, link, facts)))).flat(),
}

async function checkLink(page: Page, link: PageLink, { readText }: HandbookFacts): Promise<Violation[]> {
  const target = findTarget(page.path, link)
  if (!target) return []
  const { path, file } = target
  if (isOutside(target, page.path)) return [violation(link, `${path} leads out of the handbook`, { found: link.url })]
  if (link.image || path === '' || (await readText(file)) !== undefined) return []
  return [violation(link, `There is no file ${file}`, { found: link.url })]
}
