import { isScalar, parseDocument, type Scalar, visit } from 'yaml'
import { parseDuration } from '../base/index.ts'

/**
 * A rule file with every duration divided by `scale`: `for`, `keep_firing_for`, a group's `interval`,
 * and in `expr` the ranges, offsets, and seconds written `N * 60`, `N * 3600` or `N * 86400`.
 * Comments and layout stay. A file that is not YAML is returned unchanged.
 */
export function scaleRules(text: string, scale: number): string {
  const document = parseDocument(text)
  if (document.errors.length > 0) return text
  const edits: { start: number; end: number; text: string }[] = []
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || !value.range) return
      const scaled = scaleField(String(key.value), value, text, scale)
      if (scaled !== undefined) edits.push({ start: value.range[0], end: value.range[1], text: scaled })
    },
  })
  return edits.reduceRight((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text)
}

/** The new source text of a field; `undefined` when it holds no duration. */
function scaleField(key: string, value: Scalar, text: string, scale: number): string | undefined {
  const scaleValue = scalers[key]
  if (!scaleValue || typeof value.value !== 'string' || !value.range) return undefined
  const quoted = value.type === 'QUOTE_DOUBLE' || value.type === 'QUOTE_SINGLE'
  if (quoted) return JSON.stringify(scaleValue(value.value, scale))
  const source = text.slice(value.range[0], value.range[1])
  return key === 'expr' ? scaleValue(source, scale) : scaleValue(value.value, scale)
}

const scalers: Readonly<Record<string, (text: string, scale: number) => string>> = {
  for: scaleDuration,
  keep_firing_for: scaleDuration,
  interval: scaleDuration,
  expr: scaleExpression,
}

/** No `for` or offset gets shorter than this. */
const SHORTEST = 1000

/** No range gets shorter than this, because a rate needs two samples, and the lab scrapes once a second. */
const SHORTEST_RANGE = 4000

/**
 * The tokens of PromQL that matter here, in the order of the search. Texts and comments stay as they are. Then come `[5m]` and `[1h:5m]`,
 * `offset 5m`, and a span written as a number of seconds, `4 * 3600`.
 */
const TOKENS =
  /(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*)|\[\s*(?<range>[0-9a-z.]+)\s*(?<sub>:\s*(?<resolution>[0-9a-z.]*)\s*)?\]|(?<offset>\boffset\s+-?\s*)(?<by>[0-9a-z.]+)|(?<![\w.])(?<amount>\d+(?:\.\d+)?)\s*\*\s*(?<unit>60|3600|86400)(?![\w.])/g

/** A PromQL expression with every duration divided by `scale`. */
export function scaleExpression(expression: string, scale: number): string {
  return expression.replace(TOKENS, (token, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1)
    if (groups.text !== undefined) return token
    if (groups.range !== undefined) {
      const resolution = groups.resolution ? scaleDuration(groups.resolution, scale) : ''
      return `[${scaleDuration(groups.range, scale, SHORTEST_RANGE)}${groups.sub === undefined ? '' : `:${resolution}`}]`
    }
    if (groups.by !== undefined) return `${groups.offset ?? ''}${scaleDuration(groups.by, scale)}`
    const seconds = (Number(groups.amount) * Number(groups.unit)) / scale
    return String(Number(Math.max(seconds, SHORTEST / 1000).toFixed(3)))
  })
}

/** `10m` at scale 60 is `10s`. Zero, and a text that is no duration, stay as they are. */
export function scaleDuration(text: string, scale: number, shortest = SHORTEST): string {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined || milliseconds === 0) return text
  const scaled = Math.round(Math.max(milliseconds / scale, Math.min(shortest, milliseconds)))
  const seconds = Math.floor(scaled / 1000)
  const rest = scaled % 1000
  return `${seconds > 0 ? `${seconds}s` : ''}${rest > 0 ? `${rest}ms` : ''}`
}
