/** A number with its noun: `1 run`, `2 runs`, `no runs`; a noun whose plural is another word brings it along. */
export function countOf(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount === 0 ? 'no' : amount} ${amount === 1 ? noun : plural}`
}
