/** A hint after a slip: the word that begins alike or has the same letters, if there is one, and all that there are. */
export function guess(word: string, known: readonly string[]): string {
  const close = known.find(
    name => word !== '' && (name.startsWith(word) || word.startsWith(name) || letters(name) === letters(word)),
  )
  return `${close ? `Did you mean ${close}? ` : ''}There are: ${known.join(', ') || 'none'}`
}

function letters(word: string): string {
  return [...word].toSorted().join('')
}
