import { findTarget, isOutside } from '../references/page-links.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** A missing image shows nothing. */
export const imageExists: Rule = {
  id: 'image-exists',
  severity: 'error',
  summary: 'Images exist',
  hint: 'Correct the path; it is relative to this page, or to static/ when it begins with /',
  async checkReferences(page, { readText }) {
    const found = await Promise.all(
      page.links.map(async (link): Promise<Violation[]> => {
        const target = link.image ? findTarget(page.path, link) : undefined
        if (!target || target.path === '' || isOutside(target, page.path)) return []
        if ((await readText(target.file)) !== undefined) return []
        return [violation(link, `There is no file ${target.file}`, { found: link.url })]
      }),
    )
    return found.flat()
  },
}
