import { below, fetchJson } from './fetch-json.ts'
import { isRecord } from './json-shape.ts'
import { readAnswer } from './query-prometheus.ts'

/** The most bytes of an answer: it has all alerting rules. */
const MOST = 8_000_000

/** The expressions of the rules that have this alert's name, as Prometheus evaluates them; none when it has no such rule. Throws when it does not answer. */
export async function askAlertExpressions(
  url: string,
  alert: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { groups } = readAnswer(await fetchJson(below(url, 'api/v1/rules', [['type', 'alert']]), signal, MOST))
  if (!Array.isArray(groups)) throw new Error('Prometheus answered without groups of rules')
  const rules = groups.flatMap(group => (isRecord(group) && Array.isArray(group.rules) ? group.rules : []))
  return [
    ...new Set(
      rules.flatMap(rule =>
        isRecord(rule) && rule.name === alert && typeof rule.query === 'string' ? rule.query : [],
      ),
    ),
  ]
}
