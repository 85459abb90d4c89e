import { findClosest, type Problem } from '../base/index.ts'

/** What was found, what it might have been, and the nearest of it. */
export function describeUnknown(found: string, known: readonly string[]): Pick<Problem, 'found' | 'expected' | 'hint'> {
  const closest = findClosest(found, known)
  return {
    found,
    expected: oneOf(known),
    ...(closest === undefined ? {} : { hint: `Did you mean ${closest}?` }),
  }
}

/** The choices there are, in words. */
export function oneOf(names: readonly string[]): string {
  const known = [...new Set(names)]
  return known.length === 0
    ? 'nothing: there is none'
    : known.length === 1
      ? `${known[0]}`
      : known.length > 20
        ? `one of ${known.length} names`
        : `one of ${known.join(', ')}`
}
