import { formatDuration } from '../base/index.ts'
import { describeCount, describeParts, type Proof, type ProofState } from '../journal/index.ts'
import type { DrillState } from '../lint/index.ts'
import type { DrillCard } from './page-view.ts'

/** A drill for readers: `proven 2026-11-22, healed in 14 s`, `changed since proven 2026-11-22`, `not proven`; and what was measured. */
export function sumUpProof({ id, drill: { fault }, proof }: DrillState): DrillCard {
  return { id, fault, state: proof.state, says: say(proof), facts: listFacts(fault, proof) }
}

function say(result: ProofState): string {
  switch (result.state) {
    case 'proven': {
      const { date, secondsToHeal, workload } = result.proof
      const healed = secondsToHeal === null ? '' : `, healed in ${sayDuration(secondsToHeal)}`
      const counted = workload && workload.acknowledged > 0 ? '' : ', nothing counted'
      return `proven ${sayDate(date)}${healed}${counted}`
    }
    case 'changed':
      return `changed since proven ${sayDate(result.proof.date)}`
    case 'not-proven':
      return 'not proven'
    default:
      return result satisfies never
  }
}

function listFacts(fault: string, result: ProofState): [string, string][] {
  const facts: [string, string][] = [['Fault', fault]]
  if (result.state === 'not-proven') facts.push(['Why it is not proven', result.reason])
  if (result.state === 'changed') facts.push(['What changed', describeParts(result.parts)])
  const { proof } = result
  if (!proof) return facts
  const { timeScale } = proof
  return [
    ...facts,
    ['Told by', proof.signal === 'alertmanager' ? `${proof.alert ?? 'an alert'} in Alertmanager` : 'Diagnose alone'],
    ['Alert fired after', sayDuration(proof.secondsToFire)],
    ['Healed after', sayDuration(proof.secondsToHeal)],
    ['Alert cleared after', sayDuration(proof.secondsToClear)],
    ...listWorkload(proof),
    ['Run on a healthy deployment', proof.control.replace('-', ' ')],
    ['Time scale of the rules', timeScale === 1 ? 'as in production' : `${timeScale} times as fast as in production`],
    ['Steps run', proof.steps.run.join(', ') || 'none'],
    ['Where and when', `${proof.environment}, ${sayDate(proof.date)}, commit ${proof.commit.slice(0, 10)}`],
  ]
}

/** What became of everything that was acknowledged, in the words of the workload. */
function listWorkload({ workload, felt }: Proof): [string, string][] {
  if (!workload || workload.acknowledged === 0) return [['Lost', describeCount({ workload })]]
  const { name, acknowledged, lost, counts } = workload
  return [
    [`${capitalize(name)} acknowledged`, String(acknowledged)],
    ...Object.entries(counts).map(([word, count]): [string, string] => [capitalize(word), String(count)]),
    ['Lost', String(lost)],
    ...(felt ? listFelt(felt) : []),
  ]
}

function listFelt({ failedShare, longestGapSeconds }: NonNullable<Proof['felt']>): [string, string][] {
  return [
    ['Attempts that failed', `${Math.round(failedShare * 1000) / 10} %`],
    ['Longest time without one acknowledged', sayDuration(longestGapSeconds)],
  ]
}

function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

function sayDate(time: string): string {
  return time.slice(0, 10)
}

function sayDuration(seconds: number | null): string {
  return seconds === null ? 'not measured' : formatDuration(seconds * 1000)
}
