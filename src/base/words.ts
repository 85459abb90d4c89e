/** The nearest candidate to a word, if it is near enough for a typing mistake. */
export function findClosest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = word.length < 3 ? 0 : word.length < 6 ? 1 : word.length < 12 ? 2 : 3
  let best: string | undefined
  let least = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const far = distance(word.toLowerCase(), candidate.toLowerCase())
    if (far < least) {
      best = candidate
      least = far
    }
  }
  return best
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

/** A number with its noun: `1 run`, `2 runs`. Give the plural when it is not the noun with an s. */
export function countOf(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`
}

/** The message of an exception. */
export function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * `staleAfter` as a variable: `STALE_AFTER`. What bash cannot have in a name becomes Unicode numbers, so that nothing of it is lost: `größe`
 * is `GR_UF6_UDF_E`, and `/` is `U2F`. Signs between letters become `_`. Only an empty name has no variable.
 */
export function toVariable(name: string): string {
  if (/^[!-/:-@[-`{-~]+$/.test(name)) return spell(name).toUpperCase()
  return name
    .normalize()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^\p{ASCII}\p{Z}]+/gu, signs => `\0${spell(signs)}\0`)
    .replace(/^\0|\0$/g, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
}

function spell(signs: string): string {
  return [...signs].map(sign => `U${sign.codePointAt(0)?.toString(16)}`).join('_')
}
