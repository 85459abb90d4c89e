import { listNodes } from '../../procedure/index.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

const UNFINISHED = /\b(?:TODO|FIXME|TBD)\b/g

/** Nothing in the prose or the front matter of a procedure waits to be written. */
export const finishedProse: Rule = {
  id: 'finished-prose',
  severity: 'error',
  summary: 'No TODO, FIXME or TBD is left in a procedure',
  hint: 'Finish it, or move it to the issue tracker',
  checkPage(page) {
    if (page.procedure.kind === 'page' || !/TODO|FIXME|TBD/.test(page.text)) return []
    const found: Violation[] = []
    for (const { type, position } of listNodes(page.tree)) {
      const { offset: start } = position?.start ?? {}
      const { offset: end } = position?.end ?? {}
      if ((type !== 'text' && type !== 'yaml') || start === undefined || end === undefined) continue
      for (const match of page.text.slice(start, end).matchAll(UNFINISHED)) {
        const before = page.text.slice(0, start + match.index)
        const line = before.split(/\r\n|\r|\n/).length
        const column = before.length - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'))
        found.push(violation({ line, column }, `${match[0]} is left here`, { found: match[0] }))
      }
    }
    return found
  },
}
