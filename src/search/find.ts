import MiniSearch, { type SearchOptions } from 'minisearch'
import { type EntryKind, type Indexed, OPTIONS, type SearchIndex, type ShownEntry } from './entry.ts'
import { findNearest, sayNearest } from './percentages.ts'
import { type Asked, readTyped } from './read-typed.ts'
import { listSynonyms } from './synonyms.ts'
import { findCommonStart, pairWords, reduceWord, sortWords } from './words.ts'

/** What a search found, the best first. */
export interface SearchAnswer {
  readonly hits: readonly ShownEntry[]
  /** The name that was typed, when no alert has it. */
  readonly unknownName?: string
  /** Says that what was typed is nowhere, and the hits are the nearest to it. */
  readonly note?: string
}

/** Searches in an index that was read once. */
export type Find = (typed: string) => SearchAnswer

/** Opens an index. Each search then takes a few milliseconds. */
export function openSearch({ entries, words }: SearchIndex): Find {
  const engine = MiniSearch.loadJS<Indexed>(words, OPTIONS)
  const alerts = entries.flatMap(({ alerts = [] }) => alerts)
  const names = new Set(alerts.map(name => name.toLowerCase()))
  const start = findCommonStart(alerts)
  const listWords = () => words.index.map(([word]) => word)
  return typed => {
    const asked = readTyped(typed, start, names)
    const hits = rank(asked, engine, entries)
    const { percentage } = asked
    const nearest = hits.length === 0 && percentage !== undefined ? findNearest(percentage, listWords()) : undefined
    if (percentage !== undefined && nearest !== undefined)
      return {
        hits: rank({ words: [nearest], phrases: [], question: false }, engine, entries),
        note: sayNearest(percentage, nearest),
      }
    const unknown = asked.name !== undefined && !names.has(asked.name.toLowerCase()) ? asked.name : undefined
    if (unknown === undefined) return { hits }
    return { hits, unknownName: unknown, note: `No alert is named ${unknown}. These are the nearest:` }
  }
}

/** How much a word counts, by where it is. */
const FIELDS = { title: 5, words: 5, parts: 3, page: 1.5, text: 1.6 }
/**
 * How much an entry counts, as a whole page and as a part of one: first comes what ends an incident, last what is about the handbook
 * itself.
 */
const KINDS: Readonly<Record<EntryKind, { readonly page: number; readonly part: number }>> = {
  runbook: { page: 3.2, part: 1.1 },
  symptom: { page: 2.4, part: 2.4 },
  guide: { page: 1.8, part: 1.4 },
  assessment: { page: 0.5, part: 0.3 },
  contributing: { page: 0.6, part: 0.3 },
}
/** How much more it counts for a question. */
const ASKED: Readonly<Record<EntryKind, number>> = {
  runbook: 0.6,
  symptom: 1,
  guide: 1.8,
  assessment: 1,
  contributing: 1,
}
/** How much counts what answers no alert when the name of one was typed. */
const NO_ALERT = 0.5
/** How much a word counts that was found only nearly, or only in the text. */
const NEARLY = { prefix: 0.9, inner: 0.5, synonym: 0.6, foreign: 1, typo: 0.9, also: 0.5 }
const IN_TEXT = 0.8
/** How much it counts that the whole of what was typed is the name of something; of a part of it, as much as that part tells. */
const NAMED = 48

/** How well a word fits an entry: the engine's score, and between 0 and 1 how nearly the word is there. */
interface Fit {
  readonly score: number
  readonly nearness: number
}

const NOWHERE: Fit = { score: 0, nearness: 0 }

function rank(
  { words, phrases, name, question }: Asked,
  engine: MiniSearch<Indexed>,
  entries: readonly ShownEntry[],
): ShownEntry[] {
  const perWord = words.map((word, at) => fitWord(word, engine, at === words.length - 1 ? NEARLY.prefix : NEARLY.inner))
  for (const [at, pair] of pairWords(words).entries())
    joinFits(at, collect(reduceWord(pair) ?? '', engine, {}, 1), perWord)
  const whole = fitName(phrases, engine)
  // The rarer a word, the more it says.
  const tells = perWord.map(({ size }) => Math.sqrt(Math.log(1 + entries.length / (1 + size))))
  const parts = fitParts(words, tells, engine)
  const rated = entries.flatMap((entry, id) => {
    const fits = perWord.map(fits => fits.get(id) ?? NOWHERE)
    const named = whole.get(id) ?? NOWHERE
    const share = Math.max(
      named.nearness,
      sum(fits.map(({ nearness }, at) => nearness * (tells[at] ?? 0))) / Math.max(1, sum(tells)),
    )
    const score = (sum(fits.map(({ score }) => score)) + named.score + (parts.get(id) ?? 0)) * share ** 1.55
    if (score === 0) return []
    return [
      {
        entry,
        tier:
          named.nearness === 1 && (name === undefined || entry.alerts)
            ? 0
            : entry.kind === 'contributing' && !question
              ? 2
              : 1,
        rate:
          score *
          KINDS[entry.kind][entry.page === undefined ? 'page' : 'part'] *
          (question ? ASKED[entry.kind] : 1) *
          (name === undefined || entry.alerts ? 1 : NO_ALERT),
      },
    ]
  })
  const best = Math.max(...rated.map(({ rate }) => rate))
  return rated
    .filter(({ rate }) => rate > best * NEAR_THE_BEST)
    .toSorted((a, b) => a.tier - b.tier || b.rate - a.rate)
    .map(({ entry }) => entry)
}

/** What fits this much worse than the best is not shown. */
const NEAR_THE_BEST = 0.01

function sum(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** Two words may be one in the handbook: `post mortem`. */
function joinFits(at: number, fits: ReadonlyMap<number, Fit>, perWord: Map<number, Fit>[]): void {
  for (const place of [at, at + 1])
    for (const [id, { score, nearness }] of fits) {
      const known = perWord[place]?.get(id)
      if (!known || known.score < score / 2) perWord[place]?.set(id, { score: score / 2, nearness })
    }
}

/** What is called so, or nearly so. A name is long: much of it may be wrong or not yet typed. */
function fitName(phrases: readonly string[], engine: MiniSearch<Indexed>): ReadonlyMap<number, Fit> {
  const fits = new Map<number, Fit>()
  for (const phrase of phrases.filter(({ length }) => length >= 3)) {
    const options = { ...ONE_TERM, fields: ['names', 'also'], prefix: true, fuzzy: 0.2, maxFuzzy: 6 }
    for (const { id, terms, match } of engine.search(phrase, options)) {
      const nearness = terms.includes(phrase) ? 1 : Math.max(...terms.map(term => compareLength(term, phrase)))
      const first = Object.values(match).some(fields => fields.includes('names'))
      const score = nearness * NAMED * (first ? 1 : NEARLY.also)
      if (score > (fits.get(id)?.score ?? 0)) fits.set(id, { score, nearness })
    }
  }
  return fits
}

/** What a part of the words is the whole name of, in any order and without endings: `507` of `507 insufficient storage`. */
function fitParts(
  words: readonly string[],
  tells: readonly number[],
  engine: MiniSearch<Indexed>,
): ReadonlyMap<number, number> {
  const scores = new Map<number, number>()
  for (let length = 1; length <= Math.min(LONGEST_PART, words.length); length++)
    for (let at = 0; at + length <= words.length; at++) {
      const phrase = sortWords(words.slice(at, at + length).join(' '))
      const share = sum(tells.slice(at, at + length)) / Math.max(1, sum(tells))
      for (const { id, match } of engine.search(phrase, { ...ONE_TERM, fields: ['names', 'also'] })) {
        const first = Object.values(match).some(fields => fields.includes('names'))
        const score = share * NAMED * (first ? 1 : NEARLY.also)
        if (score > (scores.get(id) ?? 0)) scores.set(id, score)
      }
    }
  return scores
}

const LONGEST_PART = 3

/** How much of a name was typed: most of it, or only its beginning. */
function compareLength(term: string, phrase: string): number {
  return NEARLY.typo * Math.min(1, phrase.length / term.length)
}

/** The term is reduced already. */
const ONE_TERM: SearchOptions = { tokenize: text => [text], processTerm: term => term }

function fitWord(word: string, engine: MiniSearch<Indexed>, prefix: number): Map<number, Fit> {
  const term = reduceWord(word) ?? ''
  const fits = new Map(collect(term, engine, { prefix: word.length > 2 }, 1, prefix))
  const synonyms = SYNONYMS.get(term) ?? []
  // The handbook has another word for what it never calls so.
  const factor = [...fits.values()].some(({ nearness }) => nearness === 1) ? NEARLY.synonym : NEARLY.foreign
  const others =
    fits.size === 0 && synonyms.length === 0
      ? collectMisspelt(word.toLowerCase(), engine)
      : synonyms.map(synonym => collect(synonym, engine, {}, factor))
  for (const other of others)
    for (const [id, fit] of other) if (fit.score > (fits.get(id)?.score ?? 0)) fits.set(id, fit)
  return fits
}

/** What a word that is nowhere may have been meant to be: with two letters swapped, or else with some wrong. */
function collectMisspelt(word: string, engine: MiniSearch<Indexed>): ReadonlyMap<number, Fit>[] {
  const swapped = Array.from({ length: word.length - 1 }, (_, at) =>
    [word.slice(0, at), word[at + 1], word[at], word.slice(at + 2)].join(''),
  )
  const found = swapped.map(term => collect(reduceWord(term) ?? '', engine, {}, NEARLY.typo))
  if (found.some(({ size }) => size > 0)) return found
  for (let wrong = 1; wrong <= allowTypos(word); wrong++) {
    const near = collect(word, engine, { fuzzy: wrong, weights: { fuzzy: 0.9, prefix: 0.4 } }, NEARLY.typo)
    if (near.size > 0) return [near]
  }
  return []
}

function collect(
  term: string,
  engine: MiniSearch<Indexed>,
  options: SearchOptions,
  factor: number,
  prefix = NEARLY.prefix,
): ReadonlyMap<number, Fit> {
  const found = engine.search(term, { ...ONE_TERM, fields: Object.keys(FIELDS), boost: FIELDS, ...options })
  return new Map(
    found.map(({ id, score, match }) => {
      const matches = Object.entries(match)
      const exact = matches.some(([found]) => found === term) ? 1 : prefix
      const inHead = matches.some(([, fields]) => fields.some(field => field !== 'text' && field !== 'page'))
      return [id, { score: score * factor * exact, nearness: factor * exact * (inHead ? 1 : IN_TEXT) }]
    }),
  )
}

/** How many letters may be wrong. */
function allowTypos(word: string): number {
  if (/\d/.test(word) || word.length < 4) return 0
  return word.length < 5 ? 1 : word.length < 8 ? 2 : 3
}

const SYNONYMS = listSynonyms(reduceWord)
