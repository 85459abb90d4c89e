import type { Json } from '../../journal/index.ts'

/**
 * A step's value as it can be kept: what JSON cannot hold becomes text (`ProcessOutput`, dates, big integers), functions and
 * `undefined` are left out. Throws a `TypeError` on a value that contains itself.
 */
export function toJson(value: unknown): Json | undefined {
  if (value === undefined) return undefined
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString()
    if (inner instanceof Map) return Object.fromEntries(inner)
    if (inner instanceof Set) return [...inner]
    return inner
  })
  return text === undefined ? undefined : JSON.parse(text)
}
