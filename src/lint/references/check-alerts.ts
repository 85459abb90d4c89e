import type { AlertRule, RuleFile } from '../../alerts/index.ts'
import type { Problem } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import type { Page } from '../page.ts'
import { makeProblem } from '../rules.ts'

/** Demands that the alerts that a page names are in the rule files; `known` are theirs. */
export function checkPageAlerts(page: Page, known: readonly string[]): Problem[] {
  return page.procedure.alerts.flatMap((alert, index) => {
    if (known.includes(alert)) return []
    const message = `No rule file has an alert ${alert}`
    return [page.problem('alert-exists', page.placeOf('alerts', index), message, describeUnknown(alert, known))]
  })
}

/** Demands that the alerts of the rule files that say where lead to pages, and that those pages name them. */
export function checkRuleAlerts({ rules }: RuleFile, pages: readonly Page[], file: HandbookFile): Problem[] {
  const alerts = rules.filter(rule => rule.kind === 'alert')
  // The first page wins: that two have one id is a problem of its own.
  const reversed = pages.toReversed()
  const byUrl = new Map(reversed.map(page => [urlOf(page, file), page]))
  const byAlert = new Map(reversed.flatMap(page => page.procedure.alerts.map(alert => [alert, page] as const)))
  return alerts.flatMap(rule => {
    const naming = byAlert.get(rule.alert)
    const url = rule.annotations.runbook_url
    if (url === undefined) {
      if (!naming) return []
      const message = `${rule.alert} has a page, ${naming.path}, but no runbook_url that leads there`
      return [makeProblem('runbook-url', rule.file, rule, message, { expected: urlOf(naming, file) })]
    }
    if (url.includes('{{')) return [] // known only when the alert fires
    const target = byUrl.get(normalize(url, file))
    if (target?.procedure.alerts.includes(rule.alert)) return []
    return [describe(rule, url, target, naming, pages, file)]
  })
}

function describe(
  rule: AlertRule,
  url: string,
  target: Page | undefined,
  naming: Page | undefined,
  pages: readonly Page[],
  file: HandbookFile,
): Problem {
  if (target) {
    const message = `The runbook_url of ${rule.alert} leads to ${target.path}, which does not name the alert`
    const hint = `Add ${rule.alert} to alerts: in ${target.path}`
    return makeProblem('alert-has-page', rule.file, rule, message, { found: url, hint })
  }
  const message = `The runbook_url of ${rule.alert} leads to no page of this handbook`
  if (naming) return makeProblem('runbook-url', rule.file, rule, message, { found: url, expected: urlOf(naming, file) })
  const urls = pages.filter(({ procedure }) => procedure.kind === 'runbook').map(page => urlOf(page, file))
  const { hint = 'Write the page, and name the alert there' } = describeUnknown(url, urls)
  return makeProblem('alert-has-page', rule.file, rule, message, { found: url, hint })
}

/** Whether an address leads to a heading, or another anchor, that is on the page: a collection may be one long page. */
export function leadsToAnchor(url: string, page: Page, file: HandbookFile): boolean {
  const anchor = /#(.+)$/.exec(url)?.[1]
  return anchor !== undefined && page.anchors.includes(anchor) && normalize(url, file) === urlOf(page, file)
}

/** Where a page is published: below the handbook's url, by its folder and its id. */
function urlOf({ path, procedure }: Page, file: HandbookFile): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  return `${file.url.replace(/\/$/, '')}/${folder}${procedure.id}`
}

/** An address as `urlOf` writes it: without query, anchor or ending (a code host shows `x.md` as it is), and with the handbook's host. */
function normalize(url: string, file: HandbookFile): string {
  const plain = url.replace(/[?#].*$/, '').replace(/(?:\.html|\.mdx?|\/)$/, '')
  return plain.startsWith('/') ? new URL(file.url).origin + plain : plain
}
