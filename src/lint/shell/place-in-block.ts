import type { Block, Place } from '../../procedure/index.ts'

/** Where an offset of a block's code stands on the page. */
export function placeInBlock({ code, lines, fence }: Block, offset: number): Place {
  const before = code.slice(0, offset).split('\n')
  const place = lines[before.length - 1] ?? fence
  return { line: place.line, column: place.column + (before.at(-1)?.length ?? 0) }
}
