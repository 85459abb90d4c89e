import { createHash } from 'node:crypto'

/** The same order for the same seed, also where others come or go. */
export function shuffle<Item>(items: readonly Item[], seed: string, nameOf: (item: Item) => string): Item[] {
  return items.toSorted((a, b) => (hash(seed, nameOf(a)) < hash(seed, nameOf(b)) ? -1 : 1))
}

/** A number from 0 up to 1, the same for the same seed and name. */
export function drawNumber(seed: string, name: string): number {
  return Number.parseInt(hash(seed, name).slice(0, 8), 16) / 0x1_0000_0000
}

function hash(seed: string, name: string): string {
  return createHash('sha256').update(`${seed} ${name}`).digest('hex')
}
