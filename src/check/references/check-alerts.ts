import type { AlertRule, RuleFile } from '../../alerts/index.ts'
import type { HandbookFile, Problem } from '../../base/index.ts'
import { describeUnknown } from '../describe-unknown.ts'
import type { Page } from '../page.ts'
import { makeProblem } from '../rules.ts'

/** Demands that the alerts that a page names are in the rule files. */
export function checkPageAlerts(page: Page, { rules }: RuleFile): Problem[] {
  const known = rules.flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : []))
  return page.procedure.alerts.flatMap((alert, index) => {
    if (known.includes(alert)) return []
    const message = `No rule file has an alert ${alert}`
    return [page.problem('alert-exists', page.placeOf('alerts', index), message, describeUnknown(alert, known))]
  })
}

/** Demands that the alerts of the rule files lead to pages, and that those pages name them. */
export function checkRuleAlerts({ rules }: RuleFile, pages: readonly Page[], file: HandbookFile): Problem[] {
  const alerts = rules.filter(rule => rule.kind === 'alert')
  return alerts.flatMap(rule => {
    const naming = pages.find(({ procedure }) => procedure.alerts.includes(rule.alert))
    const url = rule.annotations.runbook_url
    if (url === undefined) {
      if (!naming) return []
      const message = `${rule.alert} has a page, ${naming.path}, but no runbook_url that leads there`
      return [makeProblem('runbook-url', rule.file, rule, message, { expected: urlOf(naming, file) })]
    }
    if (url.includes('{{')) return [] // known only when the alert fires
    const target = pages.find(page => matches(url, page, file))
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

/** Where a page is published: below the handbook's url, by its folder and its id. */
function urlOf({ path, procedure }: Page, file: HandbookFile): string {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  return `${file.url.replace(/\/$/, '')}/${folder}${procedure.id}`
}

function matches(url: string, page: Page, file: HandbookFile): boolean {
  const expected = urlOf(page, file)
  const given = url.replace(/[?#].*$/, '').replace(/(?:\.html|\/)$/, '')
  return given === expected || (given.startsWith('/') && new URL(expected).pathname === given)
}
