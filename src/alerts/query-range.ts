import { below, fetchJson } from './fetch-json.ts'
import { isRecord, stringMap } from './json-shape.ts'
import { readAnswer } from './query-prometheus.ts'

/** A span of time, in seconds since 1970, and the seconds between two looks. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly step: number
}

/** A series over a span: a value for each look, or nothing where it has none that can be drawn. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: readonly (number | null)[]
}

/** The most bytes of an answer. */
const MOST = 2_000_000

/** Evaluates a PromQL expression over a span. A scalar is one series without labels. Throws on a bad expression, no answer, or one too long. */
export async function queryRange(
  url: string,
  expression: string,
  span: Span,
  signal?: AbortSignal,
): Promise<readonly RangeSeries[]> {
  const { start, end, step } = span
  const query = { query: expression, start, end, step }
  const texts = Object.entries(query).map(([name, value]) => [name, String(value)] as const)
  const { result } = readAnswer(await fetchJson(below(url, 'api/v1/query_range', texts), signal, MOST))
  if (!Array.isArray(result)) throw new Error('Prometheus answered without a list of series')
  return result.map(series => readSeries(series, span))
}

function readSeries(body: unknown, { start, end, step }: Span): RangeSeries {
  if (!isRecord(body) || !Array.isArray(body.values)) throw new Error('Prometheus gave a series without values')
  const values = Array.from({ length: Math.floor((end - start) / step) + 1 }, (): number | null => null)
  for (const sample of body.values) {
    const [time, text] = Array.isArray(sample) ? sample : []
    const value = Number(text)
    const at = Math.round((Number(time) - start) / step)
    if (at in values && Number.isFinite(value)) values[at] = value
  }
  return { labels: stringMap(body.metric), values }
}
