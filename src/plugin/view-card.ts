import type { RuleFile } from '../alerts/index.ts'
import type { DrillState } from '../lint/index.ts'
import type { Procedure } from '../procedure/index.ts'
import type { SiteHandbook } from './load-site.ts'
import type { AlertCard, OwnerCard, ProcedureCard } from './page-view.ts'
import type { PublishedPage } from './published-pages.ts'
import { sumUpProof } from './sum-up-proof.ts'

/** The cards of a handbook's procedures; those of pages that are not published are left out. */
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
    alerts: procedure.alerts.map(name => describeAlert(name, handbook.rules.rules)),
    ...(owner ? { owner } : {}),
    ...(reviewed === undefined ? {} : { reviewed }),
    meaning: findLead(procedure, 'Meaning'),
    impact: findLead(procedure, 'Impact'),
    keywords: page.keywords,
    drills: drills.map(sumUpProof),
    undrilled: findUndrilled(procedure, drills),
  }
}

function findOwner({ owner }: Procedure, { handbook }: SiteHandbook): OwnerCard | undefined {
  if (owner === undefined) return undefined
  const known = handbook?.file.owners[owner]
  return known ? { name: known.name, contact: known.contact } : { name: owner }
}

function describeAlert(name: string, rules: RuleFile['rules']): AlertCard {
  const named = rules.flatMap(rule => (rule.kind === 'alert' && rule.alert === name ? [rule] : []))
  const severities = [...new Set(named.flatMap(({ labels }) => labels.severity ?? []))]
  const [summary] = named.flatMap(({ annotations }) => annotations.summary ?? [])
  return { name, severities, ...(summary ? { summary } : {}) }
}

function findLead({ sections }: Procedure, title: string): string {
  return sections.find(section => section.title === title)?.lead ?? ''
}

function findUndrilled({ phases }: Procedure, drills: readonly DrillState[]): string[] {
  const drilled = new Set(drills.flatMap(({ proof }) => (proof.state === 'proven' ? proof.proof.steps.run : [])))
  return phases.flatMap(({ steps }) => steps.map(({ id }) => id)).filter(id => !drilled.has(id))
}
