import { below, fetchJson } from './fetch-json.ts'
import { isRecord, stringMap } from './json-shape.ts'

/** One sample of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly time: Date
}

/** Evaluates a PromQL expression now; a scalar becomes one sample without labels. Throws on a bad expression or no answer. */
export async function queryPrometheus(
  url: string,
  expression: string,
  signal?: AbortSignal,
): Promise<readonly Sample[]> {
  const data = readAnswer(await fetchJson(below(url, 'api/v1/query', [['query', expression]]), signal))
  switch (data.resultType) {
    case 'scalar':
      return [readSample({ metric: {}, value: data.result })]
    case 'vector':
      if (!Array.isArray(data.result)) throw new Error('Prometheus answered without a list of samples')
      return data.result.map(readSample)
    default:
      throw new Error(`the expression gives a ${String(data.resultType)}, not an instant vector: ${expression}`)
  }
}

/** What Prometheus answered with. Throws when that was an error, or may not be whole. */
export function readAnswer(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body) || body.status !== 'success')
    throw new Error(
      `Prometheus answered without success: ${isRecord(body) ? String(body.error ?? body.status) : typeof body}`,
    )
  // Such as a partial response: some of what was asked for was not looked at.
  if (Array.isArray(body.warnings) && body.warnings.length > 0)
    throw new Error(`Prometheus warns that its answer may not be whole: ${body.warnings.map(String).join('; ')}`)
  return isRecord(body.data) ? body.data : {}
}

function readSample(body: unknown): Sample {
  if (!isRecord(body) || !Array.isArray(body.value)) throw new Error('Prometheus gave a sample without a value')
  const [time, value] = body.value
  return { labels: stringMap(body.metric), value: readValue(String(value)), time: new Date(Number(time) * 1000) }
}

/** Prometheus spells infinity `+Inf`. */
function readValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  return Number(text)
}
