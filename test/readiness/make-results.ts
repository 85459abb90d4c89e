import type { CheckResult, ItemResult, Result } from '../../src/readiness/index.ts'

/** A check's result, as a run might have given it. */
export function makeCheck(result: Result, more: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'check',
    title: 'It does',
    page: 'docs/readiness/log.md',
    line: 12,
    result,
    evidence: { files: [], seconds: 1, run: '20261122-000000-abcd' },
    breaks: [],
    ...more,
  }
}

/** An item's result. */
export function makeItem(id: string, result: Result, weight: number): ItemResult {
  return { id, area: id.replace(/-\d+$/, ''), title: id, need: 'required', weight, result, checks: [] }
}
