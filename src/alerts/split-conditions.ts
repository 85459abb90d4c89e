/** A value that an alert's expression looks at, and what it compares it with. */
export interface Condition {
  readonly expression: string
  readonly comparisons: readonly Comparison[]
}

/** The alert wants the value to be so: `> 5 * 60`. */
export interface Comparison {
  readonly operator: string
  readonly with: string
}

/**
 * The conditions of an alert's expression, in their order; those of one value are one. What comes after `unless` is none: it excludes. A part
 * that compares nothing stands as it is.
 */
export function splitConditions(expression: string): readonly Condition[] {
  const found = new Map<string, Comparison[]>()
  for (const part of splitParts(stripComments(expression))) {
    const { value, comparison } = splitComparison(part)
    const comparisons = found.get(value) ?? []
    const isKnown = comparisons.some(one => one.operator === comparison?.operator && one.with === comparison.with)
    if (comparison && !isKnown) comparisons.push(comparison)
    found.set(value, comparisons)
  }
  return [...found].map(([expression, comparisons]) => ({ expression, comparisons }))
}

const STRING = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|`[^`]*`/.source
/** How two sides are matched: `on (instance) group_left ()`. The brackets are empty once they are masked. */
const MATCHING = String.raw`(?:\s*\b(?:on|ignoring)\s*\( *\))?(?:\s*\bgroup_(?:left|right)\b(?:\s*\( *\))?)?`
const SET = new RegExp(String.raw`(?<![\w:.])(and|or|unless)(?![\w:])${MATCHING}`, 'gi')
const COMPARISON = new RegExp(String.raw`(==|!=|<=|>=|<|>)(?:\s*\bbool\b)?${MATCHING}`, 'gi')
const CONSTANT = /^[\d.eE\s*/+()-]+$/
const TURNED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

function splitParts(text: string): string[] {
  const mask = maskInner(text)
  const [from, to] = [mask.search(/\S/), mask.trimEnd().length]
  if (from < 0) return []
  if (/^\( *\)$/.test(mask.slice(from, to))) return splitParts(text.slice(from + 1, to - 1))
  const operators = [...mask.matchAll(SET)]
  if (operators.length === 0) return [text.trim()]
  const starts = [0, ...operators.map(({ index, 0: { length } }) => index + length)]
  return starts.flatMap((start, at) =>
    operators[at - 1]?.[1]?.toLowerCase() === 'unless' ? [] : splitParts(text.slice(start, operators[at]?.index)),
  )
}

function splitComparison(part: string): { readonly value: string; readonly comparison?: Comparison } {
  // The last one compares what those before it leave.
  const operator = [...maskInner(part).matchAll(COMPARISON)].at(-1)
  if (!operator?.[1]) return { value: tidy(part) }
  const left = tidy(part.slice(0, operator.index))
  const right = tidy(part.slice(operator.index + operator[0].length))
  if (CONSTANT.test(left) && !CONSTANT.test(right))
    return { value: right, comparison: { operator: TURNED[operator[1]] ?? operator[1], with: left } }
  return { value: left, comparison: { operator: operator[1], with: right } }
}

function stripComments(text: string): string {
  return text.replace(new RegExp(`(${STRING})|#.*`, 'g'), (_, string: string | undefined) => string ?? '')
}

/** The text with blanks for whatever stands in brackets or quotes: as long as it is, so that places stay. */
function maskInner(text: string): string {
  let depth = 0
  return text.replace(new RegExp(String.raw`${STRING}|[\s\S]`, 'g'), piece => {
    if (')]}'.includes(piece)) depth -= 1
    const shown = depth === 0 && piece.length === 1 ? piece : ' '.repeat(piece.length)
    if ('([{'.includes(piece)) depth += 1
    return shown
  })
}

function tidy(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ')
}
