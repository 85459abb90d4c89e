/** The run of at most `count` items that has the one at `place` in its middle, as far as there are enough on both sides. */
export function nearest<T>(items: readonly T[], place: number, count: number): readonly T[] {
  const first = Math.max(0, Math.min(place - Math.floor(count / 2), items.length - count))
  return items.slice(first, first + count)
}
