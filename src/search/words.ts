import { stemmer } from 'stemmer'
import { listPercentages } from './percentages.ts'

/**
 * The words of a text. A name in camel case is a word itself, and each of its parts is one. Signs are none: `99%` is `99 %`; but a
 * percentage is also one word, `99%`, however it is written.
 */
export function cutWords(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .replaceAll(/(?<=\p{L})['’](?=\p{L})/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .flatMap(word => {
      const parts = cutCamelCase(word)
      return parts.length > 1 ? [word, ...parts] : [word]
    })
  return [...words, ...listPercentages(text)]
}

/** The parts of a name: `Web`, `Disk` and `Filling` of `WebDiskFilling`. */
export function cutCamelCase(word: string): string[] {
  return word.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
}

/** What the names of most alerts begin with, which tells none from another: `Web` of `WebDiskFilling` and `WebDown`. */
export function findCommonStart(names: readonly string[]): string {
  let start = ''
  for (let rest = names.map(cutCamelCase); ; rest = rest.map(parts => parts.slice(1))) {
    const next = rest.find(
      ([part], _, all) => part && all.filter(([other]) => other === part).length > names.length / 2,
    )
    // What is left of a name is not empty.
    if (next === undefined || rest.some(parts => parts[0] === next[0] && parts.length === 1)) return start
    start += next[0]
    rest = rest.filter(([part]) => part === next[0])
  }
}

/** A phrase as one word, so that it is found as a whole: `disk full` of `The disk is full`. */
export function joinWords(text: string): string {
  return listTelling(text).join(' ')
}

/** The same words without their endings and in one order, so that `drill restored` is `Restore drills`. */
export function sortWords(text: string): string {
  return listTelling(text)
    .map(word => reduceWord(word) ?? word)
    .toSorted()
    .join(' ')
}

function listTelling(text: string): string[] {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  const telling = words.filter(word => word !== '' && !SILENT.has(word))
  return telling.length > 0 ? telling : words.filter(Boolean)
}

/** Every two words that follow one another, as one: `rollback` of `roll back`. */
export function pairWords(words: readonly string[]): string[] {
  const telling = words.map(word => word.toLowerCase()).filter(word => /^\p{L}{3,9}$/u.test(word) && !SILENT.has(word))
  return telling.slice(1).map((word, at) => `${telling[at]}${word}`)
}

/** A word without its ending, so that `deliveries` finds `delivery`. Nothing for a word that says nothing. */
export function reduceWord(word: string): string | null {
  const known = reduced.get(word)
  if (known !== undefined) return known
  const lower = word.toLowerCase()
  const short = SILENT.has(lower) ? null : /^\p{L}+$/u.test(lower) ? stemmer(lower) : lower
  reduced.set(word, short)
  return short
}

/** The same words come again and again. */
const reduced = new Map<string, string | null>()

/** Words that are in every sentence. */
const SILENT: ReadonlySet<string> = new Set(
  `a after again all also am an and any anybody anyone are as at be been before but by can could did do does doing during for from get
  gets getting got had has have having he her his how i if in into is it its just let lot lots make may me might must my need needs not
  now of on or our please really she should since so some somebody someone still than that the their them then there these they thing
  things this to us very want wants was we were what when where which while who why will with would yet you your`.split(
    /\s+/,
  ),
)
