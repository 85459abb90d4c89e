import { type Match, matchSpelling } from './match-spelling.ts'
import type { Spelling } from './spell-secret.ts'

/** Where secrets stand in a text. */
export interface Found {
  /** Begin and end of each place, in their order; places that overlap are one. */
  readonly ranges: readonly (readonly [number, number])[]
  /** From where on more text may show that there is one. */
  readonly open: number
}

/** Finds secrets in a text. It costs about as much as looking at each character once. */
export type FindSecrets = (text: string) => Found

/** Prepares a search for all spellings at once. */
export function prepareSearch(spellings: readonly Spelling[]): FindSecrets {
  const index = new Map<number, Spelling[]>()
  const known = new Uint8Array(1 << (3 * BITS))
  for (const spelling of spellings) {
    for (const key of new Set(listKeys(spelling))) {
      known[key] = 1
      const others = index.get(key)
      if (others) others.push(spelling)
      else index.set(key, [spelling])
    }
  }
  return text => {
    const ranges: [number, number][] = []
    let open = text.length
    const look = (start: number, candidates: readonly Spelling[]) => {
      let end = -1
      for (const spelling of candidates) {
        const match: Match = matchSpelling(spelling, text, start)
        if (match.open && start < open) open = start
        end = Math.max(end, match.end)
      }
      if (end < 0) return
      const last = ranges.at(-1)
      if (last && start < last[1]) last[1] = Math.max(last[1], end)
      else ranges.push([start, end])
    }
    let key = 0
    for (let at = 0; at < text.length; at++) {
      key = ((key << BITS) | (text.charCodeAt(at) & MASK)) & KEYS
      if (at >= 2 && known[key] === 1) look(at - 2, index.get(key) ?? [])
    }
    for (let at = Math.max(0, text.length - 2); at < text.length; at++) look(at, spellings)
    return { ranges, open }
  }
}

/** Bits of each of the three characters by which a spelling is looked up. */
const BITS = 6
const MASK = (1 << BITS) - 1
const KEYS = (1 << (3 * BITS)) - 1

/** The keys of everything that a spelling may begin with. */
function listKeys({ letters, gap, backslashes }: Spelling): number[] {
  const keys: number[] = []
  const between = [...(gap?.begins ?? ''), ...(backslashes ? '\\' : '')]
  const follow = (text: string, at: number) => {
    if (text.length >= 3) return void keys.push(makeKey(text))
    const letter = letters[at]
    if (letter === undefined) {
      for (let char = 0; char <= MASK; char++) follow(text + String.fromCharCode(char), at)
      return
    }
    for (const one of letter.texts) follow(text + one, at + 1)
    if (at === 0) return
    // Behind what is between, anything may follow.
    for (const char of between) {
      if (text.length === 2) follow(text + char, at)
      else for (let next = 0; next <= MASK; next++) follow(text + char + String.fromCharCode(next), at)
    }
  }
  follow('', 0)
  return keys
}

function makeKey(text: string): number {
  return (
    ((text.charCodeAt(0) & MASK) << (2 * BITS)) | ((text.charCodeAt(1) & MASK) << BITS) | (text.charCodeAt(2) & MASK)
  )
}
