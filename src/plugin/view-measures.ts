import {
  coverMitigations,
  describeCount,
  describeCoverage,
  describeParts,
  describeWaking,
  type Proof,
  type ProofState,
} from '../journal/index.ts'
import { type DrillState, listSuggestions, type StepDecisions } from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { SiteHandbook } from './read-site.ts'
import { sayAtScale, sayDate, sayDuration } from './say-proof.ts'
import { sayFeltWhen, viewFelt } from './view-felt.ts'
import type { DrillMeasures } from './view-types.ts'

/** What the drills of a handbook have measured, by their ids. It is many times the cards, and only their own pages show it. */
export function viewMeasures({ procedures, drills, decisions }: SiteHandbook): Readonly<Record<string, DrillMeasures>> {
  return Object.fromEntries(
    procedures.flatMap(procedure => {
      const own = drills.get(procedure.path) ?? []
      const coverage = sayCoverage(procedure, own, decisions.get(procedure.path) ?? [])
      return own.map(drill => [drill.id, measureDrill(drill, coverage)] as const)
    }),
  )
}

function measureDrill({ drill, proof }: DrillState, coverage: string): DrillMeasures {
  const facts: [string, string][] = [...listFacts(drill, proof), ['All drills of this page', coverage]]
  const felt = proof.proof && viewFelt(proof.proof)
  return { facts, ...(felt ? { felt } : {}) }
}

function sayCoverage(
  { phases }: Procedure,
  drills: readonly DrillState[],
  decisions: readonly StepDecisions[],
): string {
  const list = (phase: string) => phases.flatMap(({ name, steps }) => (name === phase ? steps.map(({ id }) => id) : []))
  return describeCoverage(
    coverMitigations(
      { mitigations: list('mitigate'), rollBack: list('roll-back'), suggestions: listSuggestions(decisions) },
      drills.map(({ proof }) => proof),
    ),
  )
}

function listFacts({ fault, with: other }: DrillState['drill'], result: ProofState): [string, string][] {
  const facts: [string, string][] = [['Fault', other === undefined ? fault : `${fault}, while ${other} remains`]]
  if (result.state === 'not-proven') facts.push(['Why it is not proven', result.reason])
  if (result.state === 'changed') facts.push(['What changed', describeParts(result.parts)])
  const { proof } = result
  if (!proof) return facts
  const { timeScale } = proof
  const atScale = sayAtScale(proof)
  return [
    ...facts,
    ['Told by', tellSignal(proof)],
    ['Alert fired after', sayWithin(proof.secondsToFire, proof.within?.fire)],
    ...(atScale === undefined ? [] : [['At production’s scale', atScale] satisfies [string, string]]),
    ...listEnd(proof),
    ['Other alerts that fired', proof.alsoFired ? proof.alsoFired.join(', ') || 'none' : 'not asked'],
    ['Who was notified', sayNotified(proof)],
    ...listWorkload(proof),
    ['Run on a healthy deployment', proof.control.replace('-', ' ')],
    ['How the lab was made', proof.profile ?? 'practice'],
    ...listVersions(proof),
    ...(proof.notProven ? [['Not proven here', proof.notProven.join('; ')] satisfies [string, string]] : []),
    ['Time scale of the rules', timeScale === 1 ? 'as in production' : `${timeScale} times as fast as in production`],
    ['Steps run', proof.steps.run.join(', ') || 'none'],
    ['Where and when', `${proof.environment}, ${sayDate(proof.date)}, commit ${proof.commit.slice(0, 10)}`],
  ]
}

function listEnd({ escalated, secondsToHeal, secondsToClear, within }: Proof): [string, string][] {
  if (escalated !== undefined)
    return [['Ended', `escalated: #${escalated} found what no mitigation heals, and the alert went on`]]
  return [
    ['Healed after', sayWithin(secondsToHeal, within?.heal)],
    ['Alert cleared after', sayWithin(secondsToClear, within?.clear)],
  ]
}

function sayWithin(took: number | null, limit: number | undefined): string {
  return limit === undefined ? sayDuration(took) : `${sayDuration(took)}, of at most ${sayDuration(limit)}`
}

function sayNotified(proof: Proof): string {
  const { notifications = [], wakes } = proof
  const receivers = notifications.map(({ receiver, alerts }) => `${receiver}: ${alerts.join(', ')}`)
  return [describeWaking(proof), ...receivers, ...(wakes ? [wakes.because] : [])].join('; ')
}

function listVersions({ versions = {} }: Proof): [string, string][] {
  const said = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return said.length === 0 ? [] : [['With', said.join(', ')]]
}

function tellSignal({ signal, alert = 'an alert' }: Proof): string {
  switch (signal) {
    case 'alertmanager':
      return `${alert} in Alertmanager`
    case 'dead-mans-switch':
      return `the dead man’s switch, where ${alert} stopped to arrive`
    case 'diagnose':
      return 'Diagnose alone'
    default:
      return signal satisfies never
  }
}

/** What happened to everything that was acknowledged, in the words of the workload. */
function listWorkload(proof: Proof): [string, string][] {
  const { workload, felt } = proof
  if (!workload || workload.acknowledged === 0) return [['Lost', describeCount({ workload })]]
  const { name, acknowledged, lost, counts } = workload
  return [
    [`${capitalize(name)} acknowledged`, String(acknowledged)],
    ...Object.entries(counts).map(([word, count]): [string, string] => [capitalize(word), String(count)]),
    ['Lost', String(lost)],
    ...(felt ? listFelt(felt, sayFeltWhen(proof)) : []),
  ]
}

function listFelt(
  { failedShare, longestGapSeconds }: NonNullable<Proof['felt']>,
  when: string | undefined,
): [string, string][] {
  return [
    ['Attempts that failed', `${Math.round(failedShare * 1000) / 10} %${when === undefined ? '' : `: ${when}`}`],
    ['Longest time without one acknowledged', sayDuration(longestGapSeconds)],
  ]
}

function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
