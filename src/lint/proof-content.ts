import type { RuleFile } from '../alerts/index.ts'
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

/** A drill of a page, and what its proof is worth now. */
export interface DrillState {
  /** The drill's id: runbook and fault. */
  readonly id: string
  readonly drill: Drill
  /** What its proof must stand on. */
  readonly standsOn: StandsOn
  /** What its proof must hash to. */
  readonly contentHash: string
  readonly proof: ProofState
}

/** What the content of a proof is gathered from. */
export interface ContentFacts {
  readonly readText: ReadText
  readonly rules: RuleFile
  /** What the lab says of its faults and of what it deploys; nothing where no lab is known. */
  readonly lab?: LabContent | undefined
}

/** What every drill of a page has proven, judged against what the page, its scripts, its rules and the fault say now. */
export async function judgeDrills(
  procedure: Procedure,
  facts: ContentFacts & { readonly proofs: readonly Proof[] },
): Promise<DrillState[]> {
  return Promise.all(
    procedure.drills.map(async drill => {
      const id = nameProof(procedure.id, drill.fault)
      const standsOn = await hashDrill(procedure, drill.fault, facts)
      const proof = judgeProof(
        facts.proofs.find(proof => proof.id === id),
        standsOn,
      )
      return { id, drill, standsOn, contentHash: hashParts(standsOn), proof }
    }),
  )
}

/**
 * Everything that the proof of a drill stands on: the page, the scripts it embeds, the rules of its alerts with what they are computed
 * from; what the fault does, under which workload; and what is deployed. A rule counts by what it says, not by how its file is laid out.
 */
export async function hashDrill(procedure: Procedure, fault: string, facts: ContentFacts): Promise<StandsOn> {
  const { lab } = facts
  const page = await hashPage(procedure, facts)
  if (!lab) return { page }
  const broken = lab.faults[fault]?.hash ?? null
  return {
    page,
    fault: broken === null || lab.workload === null ? null : digest([broken, lab.workload]),
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

/** The rules of alerts, and the recording rules that they are computed from. */
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
      return JSON.stringify(['alert', alert, expr, wait, keepFiringFor, sortKeys(labels), sortKeys(annotations)])
    }
    default:
      return rule satisfies never
  }
}

function sortKeys(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
