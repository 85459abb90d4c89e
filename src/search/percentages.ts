/** The percentages in a text, each as one word, however it is written: `97.6%`. */
export function listPercentages(text: string): string[] {
  return [...text.matchAll(/(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent\b)/gi)].map(
    ([, number = '']) => `${number.replace(',', '.')}%`,
  )
}

/** Of the percentages among some words, the one that differs least from the one that was typed. */
export function findNearest(typed: string, words: readonly string[]): string | undefined {
  const differ = (other: string) => Math.abs(Number.parseFloat(other) - Number.parseFloat(typed))
  return words.filter(word => word.endsWith('%')).toSorted((a, b) => differ(a) - differ(b))[0]
}

/** What is said above the hits of the nearest one. */
export function sayNearest(typed: string, nearest: string): string {
  return `Nothing was found for ${spell(typed)}. The nearest is ${spell(nearest)}:`
}

function spell(percentage: string): string {
  return percentage.replace('%', ' %')
}
