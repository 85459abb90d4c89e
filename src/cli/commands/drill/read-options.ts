import type { Intensity } from '../../../drill/index.ts'
import { UsageError } from '../../../operate/index.ts'

/** Throws a `UsageError` for what is no number of at least 1. */
export function readTimeScale(given: string): number {
  const timeScale = Number(given)
  if (!(timeScale >= 1)) throw new UsageError(`--time-scale ${given} is not a number of at least 1`)
  return timeScale
}

/** Throws a `UsageError` for what is no part of a whole. */
export function readShard(given: string): { part: number; of: number } {
  const [, part = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(given) ?? []).map(Number)
  if (part < 1 || part > of) throw new UsageError(`--shard ${given} is no part of a whole`, 'Such as 1/3, 2/3 and 3/3')
  return { part, of }
}

/** Throws a `UsageError` for what is neither. */
export function readIntensity(given: string): Intensity {
  if (given === 'low' || given === 'high') return given
  throw new UsageError(`--intensity ${given} is neither low nor high`)
}

/** Throws a `UsageError` for what is no number of times. */
export function readTimes(given: string): number {
  const times = Number(given)
  if (!Number.isInteger(times) || times < 1)
    throw new UsageError(`--times ${given} is not a whole number of at least 1`)
  return times
}
