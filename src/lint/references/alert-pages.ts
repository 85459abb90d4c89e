import type { AlertRule } from '../../alerts/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { AlertFacts } from '../facts.ts'
import type { Page } from '../page.ts'

/** An alert with a runbook annotation that does not lead to a page that names the alert. */
export interface MisledAlert {
  readonly rule: AlertRule
  readonly url: string
  /** The page to which it leads. */
  readonly target: Page | undefined
  /** The page that names the alert. */
  readonly naming: Page | undefined
}

/** The alerts with a runbook annotation that leads to no page that names them. An address with a template is known only when the alert fires. */
export function findMisled(facts: AlertFacts): MisledAlert[] {
  const byUrl = new Map(facts.pages.toReversed().map(page => [urlOf(page, facts.file), page]))
  const byAlert = mapNaming(facts)
  return listAlerts(facts).flatMap(rule => {
    const url = runbookOf(rule, facts.file)
    if (url === undefined || url.includes('{{')) return []
    const target = byUrl.get(normalize(url, facts.file))
    if (target?.procedure.alerts.includes(rule.alert)) return []
    return { rule, url, target, naming: byAlert.get(rule.alert) }
  })
}

/** The alerts that a page names, and that have no runbook annotation. */
export function findUnled(facts: AlertFacts): { readonly rule: AlertRule; readonly naming: Page }[] {
  const byAlert = mapNaming(facts)
  return listAlerts(facts).flatMap(rule => {
    const naming = byAlert.get(rule.alert)
    return naming && runbookOf(rule, facts.file) === undefined ? { rule, naming } : []
  })
}

/** The alerts, each once, that no page names and that have no runbook annotation, or one with a template. */
export function findUnlinked(facts: AlertFacts): AlertRule[] {
  const byAlert = mapNaming(facts)
  const first = new Map(
    listAlerts(facts)
      .toReversed()
      .map(rule => [rule.alert, rule]),
  )
  return listAlerts(facts).filter(rule => {
    const url = runbookOf(rule, facts.file)
    return first.get(rule.alert) === rule && !byAlert.has(rule.alert) && (url === undefined || url.includes('{{'))
  })
}

/** The address of an alert's runbook, from the annotation that the handbook names. */
export function runbookOf(rule: AlertRule, { runbookAnnotation }: HandbookFile): string | undefined {
  return rule.annotations[runbookAnnotation]
}

/** Whether an address leads to an anchor of this page: a collection may be one long page. */
export function leadsToAnchor(url: string, page: Page, file: HandbookFile): boolean {
  const anchor = /#(.+)$/.exec(url)?.[1]
  return anchor !== undefined && page.anchors.includes(anchor) && normalize(url, file) === urlOf(page, file)
}

/** Where a page is published: below the handbook's url, by its folder and its id. */
export function urlOf({ path, procedure }: Page, file: HandbookFile): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  return `${file.url.replace(/\/$/, '')}/${folder}${procedure.id}`
}

/** The first page that names each alert. Another rule reports pages with the same id. */
function mapNaming({ pages }: AlertFacts): Map<string, Page> {
  return new Map(pages.toReversed().flatMap(page => page.procedure.alerts.map(alert => [alert, page] as const)))
}

function listAlerts({ rules }: AlertFacts): AlertRule[] {
  return rules.rules.filter(rule => rule.kind === 'alert')
}

/** An address as `urlOf` writes it: with the handbook's host, and without query, anchor and ending (a code host shows `x.md`). */
function normalize(url: string, file: HandbookFile): string {
  const plain = url.replace(/[?#].*$/, '').replace(/(?:\.html|\.mdx?|\/)$/, '')
  return plain.startsWith('/') ? new URL(file.url).origin + plain : plain
}
