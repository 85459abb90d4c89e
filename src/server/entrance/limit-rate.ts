import { Refused } from '../refusal.ts'

/** So many at once, and then one in so many milliseconds. */
interface Rate {
  readonly burst: number
  readonly every: number
}

/** Takes one from a person's share. Throws when nothing is left of it. */
export type Limit = (person: string) => void

/** Keeps how much each person asks for. */
export function limitRate({ burst, every }: Rate, now: () => number = Date.now): Limit {
  const shares = new Map<string, { left: number; at: number }>()
  return person => {
    const share = shares.get(person) ?? { left: burst, at: now() }
    share.left = Math.min(burst, share.left + (now() - share.at) / every)
    share.at = now()
    shares.set(person, share)
    if (share.left < 1)
      throw new Refused(429, 'Too many of these at once', undefined, { 'retry-after': `${Math.ceil(every / 1000)}` })
    share.left -= 1
  }
}
