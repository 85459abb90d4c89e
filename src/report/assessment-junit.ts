import type { Assessment, CheckResult, ItemResult } from '../readiness/index.ts'
import { type JunitCase, writeJunit } from './junit.ts'

/** An assessment for CI servers: a suite for each area, a case for each check of each item; what is unknown has failed. */
export function formatAssessmentJunit({ areas, items, environment }: Assessment): string {
  return writeJunit({
    name: `Readiness of ${environment}`,
    suites: areas.map(({ id, title }) => ({
      name: title,
      cases: items.filter(({ area }) => area === id).flatMap(listCases),
    })),
  })
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
