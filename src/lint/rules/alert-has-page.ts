import type { AlertFacts } from '../facts.ts'
import { findMisled, findUnlinked, urlOf } from '../references/alert-pages.ts'
import { describeUnknown, type FileViolation, type Rule, violation } from '../rule.ts'

/** If an alert leads to a page, the page names the alert. */
export const alertHasPage: Rule = {
  id: 'alert-has-page',
  severity: 'error',
  summary: 'An alert with a runbook_url has a page that names it; for alerts check, every alert',
  hint: 'Add the alert to alerts: of the page',
  checkAlerts: facts => [...findWrong(facts), ...(facts.every ? findPageless(facts) : [])],
}

function findWrong(facts: AlertFacts): FileViolation[] {
  const { pages, file } = facts
  return findMisled(facts).flatMap(({ rule, url, target, naming }) => {
    if (target) {
      const message = `The ${file.runbookAnnotation} of ${rule.alert} leads to ${target.path}, which does not name the alert`
      const hint = `Add ${rule.alert} to alerts: in ${target.path}`
      return { file: rule.file, ...violation(rule, message, { found: url, hint }) }
    }
    if (naming) return []
    const message = `The ${file.runbookAnnotation} of ${rule.alert} leads to no page of this handbook`
    const urls = pages.filter(({ procedure }) => procedure.kind === 'runbook').map(page => urlOf(page, file))
    const { hint = 'Write the page, and name the alert there' } = describeUnknown(url, urls)
    return { file: rule.file, ...violation(rule, message, { found: url, hint }) }
  })
}

/** Alerts that no page names, and that name no page. */
function findPageless(facts: AlertFacts): FileViolation[] {
  return findUnlinked(facts).map(rule => {
    const hint = `Write it: handbook new runbook NAME --alert ${rule.alert}`
    return { file: rule.file, ...violation(rule, `No page names the alert ${rule.alert}`, { hint }) }
  })
}
