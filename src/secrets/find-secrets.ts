import type { Gap } from './gap.ts'
import { type Match, prepareMatch } from './match-spelling.ts'
import { createReach, listBetween, type Reach } from './reach.ts'
import type { Spelling } from './spell-secret.ts'

/** Where secrets stand in a text. */
export interface FoundSecrets {
  /** Begin and end of each place, in their order; places that overlap are one. */
  readonly ranges: readonly (readonly [number, number])[]
  /** The place from which more text may show that there is a secret. */
  readonly open: number
}

/** Finds secrets in a text. It costs about as much as looking at each character once. */
export type FindSecrets = (text: string) => FoundSecrets

/** Prepares a search for all spellings at once. */
export function prepareSearch(spellings: readonly Spelling[]): FindSecrets {
  const pairs = createPairIndex()
  const triples = createIndex()
  const fours = new Uint8Array(SIZE)
  const byFirst = new Map<string, Spelling[]>()
  for (const spelling of spellings) {
    for (const first of new Set(spelling.letters[0]?.starts)) {
      const list = byFirst.get(first)
      if (list) list.push(spelling)
      else byFirst.set(first, [spelling])
    }
    for (const beginning of listBeginnings(spelling)) {
      const [first, second, third] = [beginning.charCodeAt(0), beginning.charCodeAt(1), beginning.charCodeAt(2)]
      if (beginning.length === 2) {
        pairs.add(hashPair(first, second), spelling)
        continue
      }
      const triple = hashTriple(first, second, third)
      triples.add(triple, spelling, beginning.length === 3)
      fours[hashFour(triple, beginning.charCodeAt(3))] = 1
    }
  }
  return text => {
    const ranges: [number, number][] = []
    let open = text.length
    const matchers = new Map<Spelling, (start: number) => Match>()
    const reach = createReach(text)
    const matcherOf = (spelling: Spelling) => {
      const matcher = matchers.get(spelling) ?? prepareMatch(spelling, text, reach)
      matchers.set(spelling, matcher)
      return matcher
    }
    const look = (start: number, candidates: Iterable<Spelling>) => {
      let end = -1
      for (const spelling of candidates) {
        const match = matcherOf(spelling)(start)
        if (match.open && start < open) open = start
        end = Math.max(end, match.end)
      }
      if (end < 0) return
      const last = ranges.at(-1)
      if (last && start < last[1]) last[1] = Math.max(last[1], end)
      else ranges.push([start, end])
    }
    // With many secrets some three characters of any text are the first of one; four seldom are.
    const isPart = (triple: number, at: number) =>
      at >= text.length || fours[hashFour(triple, text.charCodeAt(at))] === 1
    let first = text.charCodeAt(0)
    let second = text.charCodeAt(1)
    for (let at = 0; at + 2 < text.length; at++) {
      const third = text.charCodeAt(at + 2)
      const pair = hashPair(first, second)
      const triple = hashTriple(first, second, third)
      if (pairs.has[pair] === 1) look(at, pairs.get(pair, at + 1, text, reach))
      const found = triples.has[triple]
      if (found === WHOLE || (found === PART && isPart(triple, at + 3))) look(at, triples.get(triple))
      first = second
      second = third
    }
    for (let at = Math.max(0, text.length - 2); at < text.length; at++) look(at, byFirst.get(text.charAt(at)) ?? [])
    return { ranges, open }
  }
}

const SIZE = 1 << 20

function hashPair(first: number, second: number): number {
  return (first * 401 + second) & (SIZE - 1)
}

function hashTriple(first: number, second: number, third: number): number {
  return (first * 40_009 + second * 401 + third) & (SIZE - 1)
}

function hashFour(triple: number, fourth: number): number {
  return (triple * 31 + fourth * 8_191) & (SIZE - 1)
}

/** What may follow three characters with which a spelling begins: a certain fourth one, or anything. */
const PART = 1
const WHOLE = 2

/** Spellings by the hash of the three characters that they may begin with. */
function createIndex() {
  const has = new Uint8Array(SIZE)
  const lists = new Map<number, Set<Spelling>>()
  return {
    has,
    add(hash: number, spelling: Spelling, whole: boolean) {
      if (has[hash] !== WHOLE) has[hash] = whole ? WHOLE : PART
      const list = lists.get(hash)
      if (list) list.add(spelling)
      else lists.set(hash, new Set([spelling]))
    },
    get: (hash: number): Iterable<Spelling> => lists.get(hash) ?? [],
  }
}

/**
 * Spellings by the hash of a letter and what may stand behind it. Of those with a further letter, only those are given whose second
 * letter can follow: a line break stands behind the first letter of very many.
 */
function createPairIndex() {
  const has = new Uint8Array(SIZE)
  const lists = new Map<number, { readonly whole: Spelling[]; readonly bySecond: Map<Gap | undefined, BySecond> }>()
  return {
    has,
    add(hash: number, spelling: Spelling) {
      has[hash] = 1
      const list = lists.get(hash) ?? { whole: [], bySecond: new Map<Gap | undefined, BySecond>() }
      lists.set(hash, list)
      const [, second] = spelling.letters
      if (second === undefined) return void list.whole.push(spelling)
      const group = list.bySecond.get(spelling.gap) ?? { first: spelling, all: new Set(), byStart: new Map() }
      list.bySecond.set(spelling.gap, group)
      group.all.add(spelling)
      for (const start of second.starts) group.byStart.set(start, (group.byStart.get(start) ?? new Set()).add(spelling))
    },
    get(hash: number, behind: number, text: string, reach: Reach): Iterable<Spelling> {
      const list = lists.get(hash)
      if (!list) return []
      const found = new Set(list.whole)
      for (const { first, all, byStart } of list.bySecond.values())
        for (const at of reach(first, behind))
          for (const spelling of at < text.length ? (byStart.get(text.charAt(at)) ?? []) : all) found.add(spelling)
      return found
    },
  }
}

/** Spellings with the same gap, by what their second letter may begin with. */
interface BySecond {
  readonly first: Spelling
  readonly all: Set<Spelling>
  readonly byStart: Map<string, Set<Spelling>>
}

/** The first four characters of everything that a spelling may begin with, or the first two or three where anything may follow. */
function listBeginnings({ letters, gap, backslashes }: Spelling): Set<string> {
  const beginnings = new Set<string>()
  const between = listBetween({ gap, backslashes })
  const follow = (text: string, at: number) => {
    if (text.length >= 4) return void beginnings.add(text.slice(0, 4))
    const letter = letters[at]
    if (letter === undefined) {
      // Too short for a pair: whatever follows.
      if (text.length >= 2) beginnings.add(text)
      else for (let next = 0; next < 256; next++) beginnings.add(text + String.fromCharCode(next))
      return
    }
    for (const one of letter.texts) follow(text + one, at + 1)
    if (at > 0) for (const char of between) beginnings.add(text + char)
  }
  follow('', 0)
  return beginnings
}
