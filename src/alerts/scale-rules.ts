import { isScalar, parseDocument, type Scalar, visit } from 'yaml'
import { scaleDuration, scaleExpression } from './scale-expression.ts'

/**
 * A rule file in which every span of time is `scale` times shorter: `for`, `keep_firing_for`, a group's `interval`,
 * and what stands in `expr`: ranges, offsets, and seconds spelt `N * 60`, `N * 3600` or `N * 86400`.
 * Comments and layout stay. A file that is no YAML comes back as it was.
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

/** The new source text of a field, when its value holds spans of time. */
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
