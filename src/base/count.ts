/** A number with its noun: `1 run`, `2 runs`; a noun whose plural is not its own with an s brings it along. */
export function countOf(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`
}
