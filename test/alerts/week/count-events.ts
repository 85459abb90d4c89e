/** How many of independent events happen where so many are usual (Knuth). */
export function countEvents(usual: number, random: () => number): number {
  const limit = Math.exp(-usual)
  let count = 0
  for (let left = random(); left > limit; left *= random()) count++
  return count
}
