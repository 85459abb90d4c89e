import { availableParallelism } from 'node:os'

/** How many tries there are at once: they wait about as long as they compute. */
export const AT_ONCE = 3 * availableParallelism()

/** Does each of these tries, one after the other in each of these places, until the signal aborts. */
export async function tryAll<T, P>(
  tries: readonly T[],
  places: readonly P[],
  signal: AbortSignal,
  act: (one: T, place: P) => Promise<void>,
): Promise<void> {
  const waiting = [...tries]
  const work = async (place: P) => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) await act(next, place)
  }
  await Promise.all(places.map(work))
}
