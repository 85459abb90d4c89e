import type { Quantities } from '../../environments/index.ts'
import { readTree } from '../../procedure/index.ts'
import { listMarks, NUMBER } from './marks.ts'

const NUMBER_AT_END = new RegExp(`(?:${NUMBER.source})$`, 'i')

/** Writes into a page the value of each quantity that it marks, where another number with a unit stands; returns the new text. */
export function writeQuantities(text: string, path: string, quantities: Quantities): string {
  if (!/(?:<!--|\{\/\*)\s*=/.test(text)) return text
  let written = text
  // From the end, so that the offsets before stay true.
  for (const { id, offset } of [...listMarks(readTree(text, path, () => {}))].reverse()) {
    const value = quantities[id]?.value
    const before = written.slice(0, offset)
    if (value === undefined || endsWith(before, value)) continue
    written = before.replace(NUMBER_AT_END, () => value) + written.slice(offset)
  }
  return written
}

/** Whether a page's text before a mark ends with the value. A line may break within it. */
export function endsWith(before: string, value: string): boolean {
  return before
    .slice(-2 * value.length - 20)
    .replaceAll(/\s+/g, ' ')
    .endsWith(value)
}
