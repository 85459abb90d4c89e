import type { Proof } from './proof.ts'
import type { ProofPart } from './stands-on.ts'

/** Parts that changed, for people: `the page, a script on it or an alert rule`. */
export function describeParts(parts: readonly ProofPart[]): string {
  if (parts.length === 0) return 'the page, the fault or what is shipped'
  return parts.map(part => PARTS[part]).join('; ')
}

const PARTS: Readonly<Record<ProofPart, string>> = {
  page: 'the page, a script on it or an alert rule',
  fault: 'the fault or the workload',
  shipped: 'the service, its units or its configuration',
}

/** What a drill counted of its workload: that nothing was, is said as loudly as what was lost. */
export function describeCount({ workload }: Pick<Proof, 'workload'>): string {
  if (!workload || workload.acknowledged === 0) return 'nothing was counted: what was lost is unknown'
  return `${workload.lost} of ${workload.acknowledged} ${workload.name} lost`
}

/**
 * What a drill saw, in one line: `fired in 5 s, healed in 3 s, cleared in 2 s`, `fired in 5 s, escalated by #delivered`; what was not seen
 * says so.
 */
export function describeTimes(
  proof: Pick<Proof, 'secondsToFire' | 'secondsToHeal' | 'secondsToClear' | 'escalated'>,
): string {
  const tell = (seen: string, unseen: string, seconds: number | null) =>
    seconds === null ? `not seen to ${unseen}` : `${seen} in ${seconds} s`
  if (proof.escalated !== undefined)
    return `${tell('fired', 'fire', proof.secondsToFire)}, escalated by #${proof.escalated}`
  return [
    tell('fired', 'fire', proof.secondsToFire),
    tell('healed', 'heal', proof.secondsToHeal),
    tell('cleared', 'clear', proof.secondsToClear),
  ].join(', ')
}
