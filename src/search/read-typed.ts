import { listPercentages } from './percentages.ts'
import { cutCamelCase, cutWords, joinWords, reduceWord } from './words.ts'

/** What was typed, as words and, when a word is in camel case, as the name of an alert. */
export interface Asked {
  readonly words: readonly string[]
  /** All words in one, to be compared with names; of an alert's name, also what tells it from the others. */
  readonly phrases: readonly string[]
  readonly name?: string
  readonly percentage?: string
  /** Whether it asks how something is done, or what it is, or names a task: then guides answer before runbooks. */
  readonly question: boolean
}

/** Reads what was typed. `start` is what the names of most alerts begin with, `names` are all of them in small letters. */
export function readTyped(typed: string, start: string, names: ReadonlySet<string>): Asked {
  // Alertmanager's notifications begin so, and people copy the whole line.
  const text = typed.replaceAll(/\[(?:FIRING|RESOLVED)[^\]]*\]/gi, ' ').slice(0, LONGEST)
  const parts = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const isName = (part: string) => cutCamelCase(part).length > 2 || names.has(`${start}${part}`.toLowerCase())
  const name = parts.find(isName)
  const telling = parts.map(part =>
    start !== '' && part.length > start.length && part.startsWith(start) ? part.slice(start.length) : part,
  )
  const words = [...new Set(telling.flatMap(part => cutCamelCase(part)).flatMap(part => cutWords(part)))]
  const [percentage] = listPercentages(text)
  const own = name === undefined ? undefined : telling[parts.indexOf(name)]
  const phrases =
    own === undefined ? [text] : own === name ? [name, cutCamelCase(own).join(' ')] : [cutCamelCase(own).join(' ')]
  return {
    words: words.filter(word => reduceWord(word) !== null).slice(0, MOST_WORDS),
    phrases: phrases.map(phrase => joinWords(phrase)),
    question: QUESTION.test(text),
    ...(percentage === undefined ? {} : { percentage }),
    ...(name === undefined ? {} : { name }),
  }
}

const LONGEST = 300
const MOST_WORDS = 12

/** Not “why”: that asks for a cause, as runbooks do. */
const QUESTION =
  /^\s*(?:how (?:can|do|does|long|many|much|often|should|to)|what (?:are|do|does|is|must)|when (?:can|do|may|must|should)|(?:can|may|must|shall|should) (?:i|one|we)|who|where|which|(?:add|bring back|change|configure|create|install|make|replace|rotate|set up|take|test|try|write))\b/i
