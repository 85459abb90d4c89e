import { findClosest, type Problem } from '../base/index.ts'

/** What keeps a use case from being done at all. Nothing has happened then; `hint` says what would help. */
abstract class OperateError extends Error {
  readonly hint?: string

  constructor(message: string, hint?: string) {
    super(message)
    if (hint !== undefined) this.hint = hint
  }
}

/** Wrong usage: what was asked for cannot be done. */
export class UsageError extends OperateError {
  override readonly name = 'UsageError'
}

/** What was asked for may not be done now, or not here: somebody else does it, or a page is not what it was. */
export class RefusedError extends OperateError {
  override readonly name = 'RefusedError'
}

/** A page that cannot be read as a program; `problems` says where and why. */
export class BrokenPageError extends OperateError {
  override readonly name = 'BrokenPageError'
  readonly problems: readonly Problem[]

  constructor(path: string, problems: readonly Problem[]) {
    super(`${path} cannot be read as a program`)
    this.problems = problems
  }
}

/** Throws a `BrokenPageError` for a page that cannot be read as a program: what it would do is not known. */
export function demandReadable({
  path,
  problems,
}: {
  readonly path: string
  readonly problems: readonly Problem[]
}): void {
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new BrokenPageError(path, errors)
}

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

/** The most words that a hint lists: nobody reads a hundred. */
const LISTED = 20

/** What was probably meant, and what there is; of a long list the beginning. */
export function listKnown(close: string | undefined, names: readonly string[]): string {
  const known = [...new Set(names)]
  if (known.length === 0) return 'There are none here'
  const more = known.length - LISTED
  const listed = more > 0 ? `${known.slice(0, LISTED).join(', ')} and ${more} more` : known.join(', ')
  if (close && known.length > LISTED) return `Did you mean ${close}?`
  return `${close ? `Did you mean ${close}? ` : ''}There ${known.length === 1 ? 'is only' : 'are'}: ${listed}`
}

function letters(word: string): string {
  return [...word].toSorted().join('')
}
