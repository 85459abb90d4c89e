/** What stands where a secret was. */
export const MARK = '[redacted]'

/** A text with a mark in each of these places. */
export function hide(text: string, ranges: readonly (readonly [number, number])[]): string {
  let shown = ''
  let from = 0
  for (const [start, end] of ranges) {
    shown += text.slice(from, start) + MARK
    from = end
  }
  return from === 0 ? text : shown + text.slice(from)
}
