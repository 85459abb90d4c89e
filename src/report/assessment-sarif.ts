import type { Assessment, ItemResult } from '../readiness/index.ts'
import { type SarifResult, writeSarif } from './sarif.ts'

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
