import { findMisled, findUnled, urlOf } from '../references/alert-pages.ts'
import { type Rule, violation } from '../rule.ts'

/** The alert itself leads to the page that answers it. */
export const runbookUrl: Rule = {
  id: 'runbook-url',
  severity: 'error',
  summary: 'runbook_url, or what handbook.yaml names in its place, leads to a page of this handbook',
  hint: 'Make it the handbook’s url, then /folder/id of the page',
  checkAlerts: facts => [
    ...findUnled(facts).map(({ rule, naming }) => {
      const message = `${rule.alert} has a page, ${naming.path}, but no ${facts.file.runbookAnnotation} that leads there`
      return { file: rule.file, ...violation(rule, message, { expected: urlOf(naming, facts.file) }) }
    }),
    ...findMisled(facts).flatMap(({ rule, url, target, naming }) => {
      if (target || !naming) return []
      const message = `The ${facts.file.runbookAnnotation} of ${rule.alert} leads to no page of this handbook`
      return { file: rule.file, ...violation(rule, message, { found: url, expected: urlOf(naming, facts.file) }) }
    }),
  ],
}
