import type { Spelling } from './spell-secret.ts'

/** The places of secrets in a text. */
export interface FoundSecrets {
  /** Begin and end of each place, in their order; places that overlap are one. */
  readonly ranges: readonly (readonly [number, number])[]
  /** The place from which the next text may complete a secret. */
  readonly open: number
}

/** Finds secrets in a text. It takes about as long as reading each character once. */
export type FindSecrets = (text: string) => FoundSecrets

/** Prepares a search for all spellings at once. */
export function prepareSearch(spellings: readonly Spelling[]): FindSecrets {
  const pairs = createIndex()
  const triples = createIndex()
  for (const spelling of spellings) {
    for (const beginning of listBeginnings(spelling)) {
      if (beginning.length === 2) pairs.add(hashPair(beginning.charCodeAt(0), beginning.charCodeAt(1)), spelling)
      else triples.add(hashTriple(beginning.charCodeAt(0), beginning.charCodeAt(1), beginning.charCodeAt(2)), spelling)
    }
  }
  return text => {
    const ranges: [number, number][] = []
    let open = text.length
    const look = (start: number, candidates: Iterable<Spelling>) => {
      let end = -1
      for (const spelling of candidates) {
        const match = matchSpelling(spelling, text, start)
        if (match.open && start < open) open = start
        end = Math.max(end, match.end)
      }
      if (end < 0) return
      const last = ranges.at(-1)
      if (last && start < last[1]) last[1] = Math.max(last[1], end)
      else ranges.push([start, end])
    }
    let first = text.charCodeAt(0)
    let second = text.charCodeAt(1)
    for (let at = 0; at + 2 < text.length; at++) {
      const third = text.charCodeAt(at + 2)
      const pair = hashPair(first, second)
      const triple = hashTriple(first, second, third)
      if (pairs.has[pair] === 1) look(at, pairs.get(pair))
      if (triples.has[triple] === 1) look(at, triples.get(triple))
      first = second
      second = third
    }
    for (let at = Math.max(0, text.length - 2); at < text.length; at++) look(at, spellings)
    return { ranges, open }
  }
}

const SIZE = 1 << 16

function hashPair(first: number, second: number): number {
  return (first * 251 + second) & (SIZE - 1)
}

function hashTriple(first: number, second: number, third: number): number {
  return (first * 4001 + second * 251 + third) & (SIZE - 1)
}

/** Spellings by the hash of what they may begin with. */
function createIndex() {
  const has = new Uint8Array(SIZE)
  const lists = new Map<number, Set<Spelling>>()
  return {
    has,
    add(hash: number, spelling: Spelling) {
      has[hash] = 1
      const list = lists.get(hash)
      if (list) list.add(spelling)
      else lists.set(hash, new Set([spelling]))
    },
    get: (hash: number): Iterable<Spelling> => lists.get(hash) ?? [],
  }
}

/** The first three characters of everything that a spelling may begin with, or the first two where anything may follow. */
function listBeginnings({ letters, gap, backslashes }: Spelling): Set<string> {
  const beginnings = new Set<string>()
  const between = (gap?.begins ?? '') + (backslashes ? '\\' : '')
  const follow = (text: string, at: number) => {
    if (text.length >= 3) return void beginnings.add(text.slice(0, 3))
    const letter = letters[at]
    if (letter === undefined) {
      // Too short for a pair: any character may follow.
      if (text.length === 2) beginnings.add(text)
      else for (let next = 0; next < 256; next++) beginnings.add(text + String.fromCharCode(next))
      return
    }
    for (const one of letter.texts) follow(text + one, at + 1)
    if (at > 0) for (const char of between) beginnings.add(text + char)
  }
  follow('', 0)
  return beginnings
}

/** The result of matching a spelling at one place of a text. */
interface Match {
  /** Where the longest match ends; -1 when there is none. */
  readonly end: number
  /** Whether the text ends before it is decided. */
  readonly open: boolean
}

/** The most backslashes before a letter: three levels of quoting put seven before a quote. */
const BACKSLASHES = 8

/** Matches a spelling at a place of a text. */
function matchSpelling({ letters, gap, backslashes }: Spelling, text: string, start: number): Match {
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

/** The longest beginning of a gap that is not complete yet, such as `\x1b[38;5;1`. */
const GAP_BEGINNING = 16

/** Adds the end of each of the texts that match here. Returns whether more text may complete one of them. */
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
