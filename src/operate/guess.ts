import { findClosest } from '../base/index.ts'

/** A hint after a slip: the word that begins alike or has the same letters, if there is one, and all that there are. */
export function guess(word: string, known: readonly string[]): string {
  return listKnown(findAlike(word, known), known)
}

/** A hint after a slip in a long word, such as a page's: as `guess`, but a letter or two may be wrong as well. */
export function guessNearest(word: string, known: readonly string[]): string {
  return listKnown(findNearest(word, known), known)
}

/** The word that was probably meant. */
export function findNearest(word: string, known: readonly string[]): string | undefined {
  return findAlike(word, known) ?? findClosest(word, known)
}

function findAlike(word: string, known: readonly string[]): string | undefined {
  return known.find(
    name => word !== '' && (name.startsWith(word) || word.startsWith(name) || letters(name) === letters(word)),
  )
}

function listKnown(close: string | undefined, known: readonly string[]): string {
  if (known.length === 0) return 'There are none here'
  return `${close ? `Did you mean ${close}? ` : ''}There are: ${known.join(', ')}`
}

function letters(word: string): string {
  return [...word].toSorted().join('')
}
