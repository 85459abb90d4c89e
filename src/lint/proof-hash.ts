import type { RuleFile } from '../alerts/index.ts'
import { parseDuration } from '../base/index.ts'
import type { HandbookFile } from '../environments/index.ts'
import {
  digest,
  hashParts,
  judgeProof,
  type LabContent,
  nameProof,
  type PartHash,
  type Proof,
  type ProofState,
  type StandsOn,
} from '../journal/index.ts'
import type { Drill, Procedure } from '../procedure/index.ts'
import type { ReadText } from './page.ts'

/** A drill of a page, and whether its proof still counts. */
export interface DrillState {
  /** The drill's id: runbook and faults. */
  readonly id: string
  readonly drill: Drill
  /** The parts that its proof depends on, hashed. */
  readonly standsOn: StandsOn
  /** The hash of all these parts. */
  readonly contentHash: string
  readonly proof: ProofState
}

/** The sources of the parts that a proof depends on. */
export interface ContentFacts {
  readonly readText: ReadText
  readonly rules: RuleFile
  /** The content of the lab's faults and of its deployment; absent without a lab. */
  readonly lab?: LabContent | undefined
}

/** The last day on which a proof counts, as an ISO date; nothing when the handbook sets no end. */
export function provenUntil(
  { date }: Pick<Proof, 'date'>,
  { drillEvery }: Pick<HandbookFile, 'drillEvery'>,
): string | undefined {
  const limit = parseDuration(drillEvery)
  return limit === undefined ? undefined : new Date(Date.parse(date) + limit).toISOString().slice(0, 10)
}

/** Judges the proof of every drill of a page: does it match the page, its scripts, its rules and the fault as they are now? */
export async function judgeDrills(
  procedure: Procedure,
  facts: ContentFacts & { readonly proofs: readonly Proof[] },
): Promise<DrillState[]> {
  return Promise.all(
    procedure.drills.map(async drill => {
      const id = nameProof(procedure.id, drill)
      const standsOn = await hashDrill(procedure, drill, facts)
      const proof = judgeProof(
        facts.proofs.find(proof => proof.id === id),
        standsOn,
      )
      return { id, drill, standsOn, contentHash: hashParts(standsOn), proof }
    }),
  )
}

/**
 * Hashes everything that the proof of a drill depends on. First the page, its scripts and the rules of its alerts with their recording
 * rules. Then the faults and the workload, then the deployment. The layout of a rule file does not count.
 */
export async function hashDrill(
  procedure: Procedure,
  { fault, with: other }: Pick<Drill, 'fault' | 'with'>,
  facts: ContentFacts,
): Promise<StandsOn> {
  const { lab } = facts
  const page = await hashPage(procedure, facts)
  if (!lab) return { page }
  const broken = [fault, ...(other === undefined ? [] : [other])].map(name => lab.faults[name]?.hash ?? null)
  return {
    page,
    fault: [...broken, lab.workload].includes(null) ? null : digest([...broken, lab.workload]),
    shipped: lab.shipped,
  }
}

async function hashPage(procedure: Procedure, { readText, rules }: ContentFacts): Promise<PartHash> {
  const scripts = procedure.phases.flatMap(({ steps }) => steps.flatMap(({ block }) => block.file ?? []))
  const texts = await Promise.all([procedure.path, ...[...new Set(scripts)].sort()].map(readText))
  if (texts.includes(undefined)) return null
  return digest([
    ...texts.map(text => text?.replaceAll('\r\n', '\n')),
    findRules(procedure.alerts, rules.rules).map(describeRule).sort(),
  ])
}

type Rule = RuleFile['rules'][number]

/** The rules of alerts, and the recording rules that they use. */
function findRules(alerts: readonly string[], rules: readonly Rule[]): readonly Rule[] {
  const found = new Set<Rule>(rules.filter(rule => rule.kind === 'alert' && alerts.includes(rule.alert)))
  for (const { expr } of found) {
    const series = new Set(expr.match(/[A-Za-z_:][\w:]*/g))
    for (const rule of rules) if (rule.kind === 'record' && series.has(rule.record)) found.add(rule)
  }
  return [...found]
}

function describeRule(rule: Rule): string {
  switch (rule.kind) {
    case 'record': {
      const { record, expr, labels } = rule
      return JSON.stringify(['record', record, expr, sortKeys(labels)])
    }
    case 'alert': {
      const { alert, expr, for: wait, keepFiringFor, labels, annotations } = rule
      // Of the annotations only the page counts: their words do nothing.
      const { runbook_url: page } = annotations
      return JSON.stringify(['alert', alert, expr, wait, keepFiringFor, sortKeys(labels), page])
    }
    default:
      return rule satisfies never
  }
}

function sortKeys(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
