import type { RuleFile } from '../alerts/index.ts'
import type { Problem } from '../base/index.ts'
import type { Handbook, HandbookFile } from '../environments/index.ts'
import { type Page, type ReadText, readPage } from './page.ts'
import { leadsToAnchor, runbookOf } from './references/alert-pages.ts'
import { makeProblem } from './rule.ts'
import { alertExists, findUnknownAlerts } from './rules/alert-exists.ts'
import { RULES } from './rules.ts'
import { addHints, sortProblems } from './sort-problems.ts'

/** The rules that are compared with a handbook's pages. */
export interface AlertRulesOptions {
  readonly handbook: Handbook
  readonly readText: ReadText
  /** The rules that are checked. */
  readonly rules: RuleFile
  /** Rules that pages may name as well: `readRuleFiles(handbook)`. */
  readonly others: RuleFile
  /**
   * The pages are a collection without our front matter. A page with the name of an alert answers it, at an address in lower case.
   * A page answers an alert too when it has the anchor that the alert's runbook annotation names.
   */
  readonly collection?: boolean
}

/**
 * Compares any Prometheus rules with the pages of a handbook, both ways. Every alert has a page that names it, and leads there.
 * Every alert that a page names exists. By convention an alert has a severity, a summary and a description.
 */
export async function checkAlertRules({ collection, ...options }: AlertRulesOptions): Promise<readonly Problem[]> {
  const { handbook, readText, rules, others } = options
  const texts = await Promise.all(handbook.pages.map(async path => [path, await readText(path)] as const))
  const read = texts.flatMap(([path, text]) => (text === undefined ? [] : [readPage(text, path)]))
  const pages = collection ? read.map(page => nameByAnchor(nameByFile(page), rules, handbook.file)) : read
  const problems: Problem[] = [
    ...rules.problems,
    ...RULES.flatMap(rule =>
      (rule.checkAlerts?.({ rules, pages, file: handbook.file, every: true }) ?? []).map(({ file, ...violation }) =>
        makeProblem(rule, file, violation),
      ),
    ),
  ]
  const known = new Set([...rules.rules, ...others.rules].flatMap(rule => (rule.kind === 'alert' ? [rule.alert] : [])))
  // When a file cannot be read, nobody knows which alerts there are.
  const complete = [...rules.problems, ...others.problems].every(({ severity }) => severity !== 'error')
  if (complete) {
    problems.push(
      ...pages.flatMap(page =>
        findUnknownAlerts(page, [...known]).map(violation => makeProblem(alertExists, page.path, violation)),
      ),
    )
  }
  return addHints(sortProblems(problems))
}

function nameByFile(page: Page): Page {
  const { procedure } = page
  const { id, alerts } = procedure
  if (alerts.length > 0 || !/^[A-Z]\w*[a-z]\w*$/.test(id)) return page
  return { ...page, procedure: { ...procedure, id: id.toLowerCase(), alerts: [id] } }
}

function nameByAnchor(page: Page, { rules }: RuleFile, file: HandbookFile): Page {
  const answered = rules.flatMap(rule =>
    rule.kind === 'alert' && leadsToAnchor(runbookOf(rule, file) ?? '', page, file) ? [rule.alert] : [],
  )
  const { procedure } = page
  return { ...page, procedure: { ...procedure, alerts: [...new Set([...procedure.alerts, ...answered])] } }
}
