import type { Quantities } from '../../environments/index.ts'
import { readTree } from '../../procedure/index.ts'
import { isCodeValue, readCodeValue } from './code-marks.ts'
import { hasMarks, listMarks, NUMBER } from './marks.ts'

const NUMBER_AT_END = new RegExp(`(?:${NUMBER.source})$`, 'i')

/** Writes into a page the value of each quantity that it marks, where another number stands; returns the new text. */
export function writeQuantities(text: string, path: string, quantities: Quantities): string {
  if (!hasMarks(text)) return text
  const { said, coded } = listMarks(
    readTree(text, path, () => {}),
    text,
  )
  const inProse = said.flatMap(({ id, offset }) => {
    const value = quantities[id]?.value
    const before = text.slice(0, offset)
    const from = value === undefined || endsWith(before, value) ? -1 : before.search(NUMBER_AT_END)
    return value === undefined || from < 0 ? [] : [{ from, to: offset, value }]
  })
  const inCode = coded.flatMap(({ id, number }) => {
    const value = readCodeValue(quantities[id]?.value ?? '', number?.value)
    // A default of a parameter has a unit of its own: an author writes it.
    return number === undefined || value === undefined || isCodeValue(number, value) || number.counts !== undefined
      ? []
      : [{ ...number, value: `${value}` }]
  })
  let written = text
  // From the end, so that the offsets before stay true.
  for (const { from, to, value } of [...inProse, ...inCode].sort((a, b) => b.from - a.from))
    written = written.slice(0, from) + value + written.slice(to)
  return written
}

/** Whether a page's text before a mark ends with the value. A line may break within it. */
export function endsWith(before: string, value: string): boolean {
  return before
    .slice(-2 * value.length - 20)
    .replaceAll(/\s+/g, ' ')
    .endsWith(value)
}
