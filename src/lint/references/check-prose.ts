import type { Problem } from '../../base/index.ts'
import { listNodes } from '../../procedure/index.ts'
import type { ReadPage } from '../page.ts'

const UNFINISHED = /\b(?:TODO|FIXME|TBD)\b/g

/** Demands that nothing in the prose or the front matter of a procedure waits to be written. */
export function checkProse(page: ReadPage): Problem[] {
  if (page.procedure.kind === 'page' || !/TODO|FIXME|TBD/.test(page.text)) return []
  const problems: Problem[] = []
  for (const { type, position } of listNodes(page.tree)) {
    const { offset: start } = position?.start ?? {}
    const { offset: end } = position?.end ?? {}
    if ((type !== 'text' && type !== 'yaml') || start === undefined || end === undefined) continue
    for (const match of page.text.slice(start, end).matchAll(UNFINISHED)) {
      const before = page.text.slice(0, start + match.index)
      const line = before.split(/\r\n|\r|\n/).length
      const column = before.length - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'))
      problems.push(page.problem('finished-prose', { line, column }, `${match[0]} is left here`, { found: match[0] }))
    }
  }
  return problems
}
