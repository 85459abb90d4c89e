import { formatDuration } from '../base/index.ts'
import type { Proof, ProofState } from '../journal/index.ts'

/** The badge of a drill: `proven 2026-11-22, as shipped, healed in 14 s`, `…, escalated, nothing lost`, `changed since proven 2026-11-22`, `not proven`. */
export function sayProof(result: ProofState): string {
  switch (result.state) {
    case 'proven': {
      const { date, workload, profile } = result.proof
      const counted = workload && workload.acknowledged > 0 ? '' : ', nothing counted'
      return `proven ${sayDate(date)}${sayProfile(profile)}${sayEnd(result.proof)}${counted}`
    }
    case 'changed':
      return `changed since proven ${sayDate(result.proof.date)}`
    case 'not-proven':
      return 'not proven'
    default:
      return result satisfies never
  }
}

/** A proof that escalated is one because nothing was lost. */
function sayEnd({ secondsToHeal, escalated, workload }: Proof): string {
  if (escalated !== undefined) return `, escalated${workload?.lost === 0 ? ', nothing lost' : ''}`
  return secondsToHeal === null ? '' : `, healed in ${sayDuration(secondsToHeal)}`
}

/** How the lab was made, at the badge: in another lab than one as shipped less is proven. */
export function sayProfile(profile: string | undefined): string {
  if (profile === undefined) return ''
  return profile === 'as-shipped' ? ', as shipped' : `, in a ${profile} lab`
}

/**
 * How long it takes at most to the alert in production, where the rules wait so many times as long as in the lab; nothing when the lab was no faster,
 * or no alert fired.
 */
export function sayAtScale({ secondsToFire, timeScale }: Proof): string | undefined {
  if (secondsToFire === null || timeScale === 1) return undefined
  return `at most ${sayDuration(secondsToFire * timeScale)} to the alert`
}

/** The day of a time, as it is recorded. */
export function sayDate(time: string): string {
  return time.slice(0, 10)
}

/** A measured time in seconds. */
export function sayDuration(seconds: number | null): string {
  return seconds === null ? 'not measured' : formatDuration(seconds * 1000)
}
