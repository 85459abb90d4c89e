import type { Place } from './model.ts'

/** No author nests lists and quotes this deep; parsers take seconds for it, then minutes. */
export const DEEPEST_NESTING = 50

const MARKER = /[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$))/y
const THEMATIC_BREAK = /^[ \t]*([-*_])(?:[ \t]*\1)+[ \t]*$/

/** The first line on which lists and quotes are nested too deep, as far as can be told without parsing. */
export function findDeepNesting(text: string): Place | undefined {
  const indents: number[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const markers = countMarkers(line)
    if (markers === 0) continue
    const indent = line.search(/\S/)
    while ((indents.at(-1) ?? -1) >= indent) indents.pop()
    indents.push(indent)
    if (indents.length - 1 + markers > DEEPEST_NESTING) return { line: index + 1, column: indent + 1 }
  }
  return undefined
}

function countMarkers(line: string): number {
  if (THEMATIC_BREAK.test(line)) return 0
  let count = 0
  MARKER.lastIndex = 0
  while (MARKER.test(line)) count++
  return count
}
