import { countOf } from '../base/index.ts'
import { type Assessment, type CheckResult, countMeasured, describeScore, type ItemResult } from '../readiness/index.ts'
import { type JunitCase, writeJunit } from './junit.ts'
import { writeMarkdownTable } from './markdown-table.ts'
import { type SarifResult, writeSarif } from './sarif.ts'

/** An assessment for CI servers: a suite for each area, a case for each check of each item; what is unknown has failed. */
export function formatAssessmentJunit({ areas, items, ...where }: Assessment): string {
  return writeJunit({
    name: `Readiness of ${sayWhere(where)}`,
    suites: areas.map(({ id, title }) => ({
      name: title,
      cases: items.filter(({ area }) => area === id).flatMap(listCases),
    })),
  })
}

/** Where it was measured: a lab that was made in another way is not taken for the usual one. */
function sayWhere({ environment, profile }: Pick<Assessment, 'environment' | 'profile'>): string {
  return profile === undefined ? environment : `${environment} (${profile})`
}

function listCases(item: ItemResult): JunitCase[] {
  if (item.checks.length === 0) return [{ name: `${item.id} ${item.title}`, ...judge(item) }]
  return item.checks.map(check => ({
    name: `${item.id} ${check.title}`,
    seconds: check.evidence.seconds,
    ...judge(check),
    ...(check.evidence.output === undefined ? {} : { output: check.evidence.output }),
  }))
}

function judge({ result, reason = '' }: Pick<CheckResult, 'result' | 'reason'>): Omit<JunitCase, 'name'> {
  switch (result) {
    case 'passed':
      return {}
    case 'not-applicable':
      return { skipped: `not applicable: ${reason}` }
    case 'failed':
    case 'unknown':
      return { failure: { message: reason.split('\n')[0] ?? '', type: result, text: reason } }
    default:
      return result satisfies never
  }
}

/** The most of a reason that a row shows. */
const LONGEST = 200

/** An assessment as Markdown, for a comment on a pull request: the areas, and what does not pass. */
export function formatAssessmentMarkdown({ score, areas, items, claimed, date, ...where }: Assessment): string {
  const open = items.filter(({ result }) => result === 'failed' || result === 'unknown')
  const percent = (value: number | null) => (value === null ? 'nothing' : `${value} %`)
  return [
    writeMarkdownTable(
      `Readiness of ${sayWhere(where)}: ${describeScore(score, items)}, measured ${date.slice(0, 10)}${claimed ? `; claimed by hand then: ${claimed.overall} %` : ''}`,
      ['Area', 'Measured now', 'Claimed then'],
      areas.map(area => {
        const own = items.filter(item => item.area === area.id)
        const now = countMeasured(own).measured === 0 ? describeScore(area.score, own) : percent(area.score)
        return [area.title, now, percent(area.claimed)]
      }),
    ),
    writeMarkdownTable(
      `${open.length} of ${countOf(items.length, 'item')} ${open.length === 1 ? 'does' : 'do'} not pass`,
      ['Item', 'Title', 'Result', 'Why'],
      open.map(({ id, title, result, reason = '' }) => [
        { code: id },
        title,
        result,
        reason.length > LONGEST ? `${reason.slice(0, LONGEST - 1)}…` : reason,
      ]),
    ),
  ].join('\n')
}

/** An assessment for code hosts: what did not pass at its check's line, as SARIF 2.1.0; an item is a rule. */
export function formatAssessmentSarif({ items, pages }: Assessment): string {
  return writeSarif({
    tool: { name: 'handbook assess' },
    rules: items.map(({ id, title, area }) => ({
      id,
      summary: title,
      help: `See what its checks found: handbook assess --area ${area}`,
      level: 'error',
    })),
    results: items.flatMap(item => listResults(item, items, Object.keys(pages))),
  })
}

function listResults(item: ItemResult, items: readonly ItemResult[], pages: readonly string[]): SarifResult[] {
  if (item.result === 'unknown' && item.checks.length === 0) {
    const sister = items.find(({ area, checks }) => area === item.area && checks.length > 0)
    const file = sister?.checks[0]?.page ?? pages[0] ?? 'handbook.yaml'
    return [{ rule: item.id, level: 'warning', message: `${item.title}: no check`, file, line: 1, column: 1 }]
  }
  return item.checks.flatMap(({ title, result, reason = result, page: file, line }): SarifResult[] => {
    if (result !== 'failed' && result !== 'unknown') return []
    const level = result === 'failed' ? 'error' : 'warning'
    return [{ rule: item.id, level, message: `${title}: ${reason}`, file, line, column: 1 }]
  })
}
