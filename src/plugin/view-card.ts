import { nameFaults } from '../journal/index.ts'
import type { DrillState } from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { PublishedPage, SiteHandbook } from './read-site.ts'
import { sayProof } from './say-proof.ts'
import type { AlertCard, DrillCard, OwnerCard, ProcedureCard } from './view-types.ts'

/** The cards of a handbook's procedures. Pages that are not published have none. */
export function viewCards(
  handbook: SiteHandbook,
  published: ReadonlyMap<string, PublishedPage>,
): readonly ProcedureCard[] {
  return handbook.procedures.flatMap(procedure => {
    const page = published.get(procedure.path)
    return page && procedure.kind !== 'page' ? [viewCard(procedure, page, handbook)] : []
  })
}

function viewCard(procedure: Procedure, page: PublishedPage, handbook: SiteHandbook): ProcedureCard {
  const { id, path, kind, title, reviewed } = procedure
  const owner = findOwner(procedure, handbook)
  const drills = handbook.drills.get(path) ?? []
  return {
    id,
    path,
    permalink: page.permalink,
    kind,
    title,
    alerts: procedure.alerts.map(name => describeAlert(name, handbook)),
    ...(owner ? { owner } : {}),
    ...(reviewed === undefined ? {} : { reviewed }),
    meaning: findLead(procedure, 'Meaning'),
    drills: drills.map(sumUpProof),
    undrilled: findUndrilled(procedure, drills),
  }
}

function findOwner({ owner }: Procedure, { handbook }: SiteHandbook): OwnerCard | undefined {
  if (owner === undefined) return undefined
  const known = handbook?.file.owners[owner]
  return known ? { name: known.name, contact: known.contact } : { name: owner }
}

function describeAlert(name: string, { handbook, rules }: SiteHandbook): AlertCard {
  const named = rules.rules.flatMap(rule => (rule.kind === 'alert' && rule.alert === name ? [rule] : []))
  const severities = [...new Set(named.flatMap(({ labels }) => labels.severity ?? []))]
  const [summary] = named.flatMap(({ annotations }) => annotations.summary ?? [])
  const consequences = handbook?.file.consequences ?? []
  const ranks = named
    .map(({ annotations: { consequence = '' } }) => consequences.indexOf(consequence))
    .filter(rank => rank >= 0)
  return {
    name,
    severities,
    ...(ranks.length > 0 ? { rank: Math.min(...ranks) } : {}),
    ...(summary ? { summary } : {}),
  }
}

function findLead({ sections }: Procedure, title: string): string {
  return sections.find(section => section.title === title)?.lead ?? ''
}

function findUndrilled({ phases }: Procedure, drills: readonly DrillState[]): string[] {
  const drilled = new Set(drills.flatMap(({ proof }) => (proof.state === 'proven' ? proof.proof.steps.run : [])))
  return phases.flatMap(({ steps }) => steps.map(({ id }) => id)).filter(id => !drilled.has(id))
}

/** A drill for readers, in words: `proven 2026-11-22, healed in 14 s`, `changed since proven 2026-11-22`, `not proven`. */
function sumUpProof({ id, drill, proof }: DrillState): DrillCard {
  return { id, fault: nameFaults(drill), state: proof.state, says: sayProof(proof) }
}
