import type { Spelling } from './spell-secret.ts'

/** The result of matching a spelling at one place of a text. */
export interface Match {
  /** Where the longest match ends; -1 when there is none. */
  readonly end: number
  /** Whether the text ends before it is decided. */
  readonly open: boolean
}

/** How deep quoting of quoting may go: three levels put seven backslashes before a quote. */
const BACKSLASHES = 8

/** Matches a spelling at a place of a text. */
export function matchSpelling({ letters, gap, backslashes }: Spelling, text: string, start: number): Match {
  let open = false
  let places = [start]
  for (const [index, { texts, starts }] of letters.entries()) {
    const next: number[] = []
    const add = (place: number) => {
      if (!next.includes(place)) next.push(place)
    }
    for (const place of places) {
      let at = place
      if (index > 0 && gap) {
        gap.pattern.lastIndex = at
        const found = gap.pattern.exec(text)
        if (found) at += found[0].length
        // If the text ends inside a gap, the gap may only have begun.
        if (text.length - at < GAP_BEGINNING && gap.begins.includes(text.charAt(at))) open = true
      }
      if (at >= text.length) {
        open = true
        continue
      }
      if (matchTexts(texts, starts, text, at, add)) open = true
      if (!backslashes || index === 0) continue
      for (let run = 1; run <= BACKSLASHES && text.charAt(at + run - 1) === '\\'; run++) {
        if (at + run >= text.length) open = true
        else if (matchTexts(texts, starts, text, at + run, add)) open = true
      }
    }
    if (next.length === 0) return { end: -1, open }
    places = next
  }
  return { end: Math.max(...places), open }
}

/** The longest beginning of a gap that is none yet, such as `\x1b[38;5;1`. */
const GAP_BEGINNING = 16

/** Adds where each of the texts that stand here ends. True: the text may go on to be one of them. */
function matchTexts(
  texts: readonly string[],
  starts: string,
  text: string,
  at: number,
  add: (place: number) => void,
): boolean {
  if (!starts.includes(text.charAt(at))) return false
  let open = false
  for (const one of texts) {
    if (text.startsWith(one, at)) add(at + one.length)
    else if (at + one.length > text.length && one.startsWith(text.slice(at))) open = true
  }
  return open
}
