import type { AsPlainObject, Options } from 'minisearch'
import { cutWords, joinWords, pairWords, reduceWord } from './words.ts'

/** What a page is for somebody who searches. An entry on a page of symptoms is a `symptom`. */
export type EntryKind = 'runbook' | 'symptom' | 'guide' | 'assessment' | 'contributing'

/** A page, or a heading on it with the words below it. */
export interface SearchEntry {
  readonly url: string
  readonly kind: EntryKind
  readonly title: string
  /** The title of the page; absent when the entry is the page itself. */
  readonly page?: string
  readonly alerts?: readonly string[]
  /** Other names for it: the author's keywords. */
  readonly keywords?: readonly string[]
  /** Other words for it: its alerts' summaries, the faults of its drills. */
  readonly words?: string
  /** The headings on it, when the entry is a page. */
  readonly parts?: string
  /** The words of its text. */
  readonly text: string
}

/** What is shown of an entry. */
export type ShownEntry = Omit<SearchEntry, 'text' | 'words' | 'keywords' | 'parts'>

/** The index of all entries, as the build writes it and the browser reads it. */
export interface SearchIndex {
  readonly entries: readonly ShownEntry[]
  /** What MiniSearch made of the words. */
  readonly words: AsPlainObject
}

/** An entry, as the index takes it in. */
export interface Indexed {
  readonly id: number
  /** What it is called: its title, its address, its alerts, its first keyword; a line each, which is found as a whole. */
  readonly names: string
  /** What it is also called: its other keywords, in the same way. */
  readonly also: string
  readonly title: string
  readonly words: string
  readonly parts: string
  readonly page: string
  readonly text: string
}

/** How words are cut and reduced. The index and every search must do it alike. */
export const OPTIONS: Options<Indexed> = {
  fields: ['names', 'also', 'title', 'words', 'parts', 'page', 'text'],
  tokenize: (text, field) => cutField(text, field),
  processTerm: (term, field) =>
    field === 'names' || field === 'also'
      ? term
      : field === 'text' || field === 'parts'
        ? reduceWord(term)
        : spellWord(term),
}

function cutField(text: string, field: string | undefined): string[] {
  if (field === 'names' || field === 'also') return text.split('\n').map(joinWords)
  const words = cutWords(text)
  // People write `rollback` for `roll back`.
  return field === 'title' || field === 'words' ? [...words, ...pairWords(words)] : words
}

/** The words of a title are also kept in full, because an ending hides where a word is misspelt. */
function spellWord(word: string): string[] | null {
  const reduced = reduceWord(word)
  return reduced === null ? null : [...new Set([reduced, word.toLowerCase()])]
}
