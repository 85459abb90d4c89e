import type { PlotCurve } from '../../../wire/index.ts'

type Values = readonly (number | null)[]

/** How high a drawing is, in units of its own; it is as wide as there are looks. */
export const HEIGHT = 100

/** What a drawing shows from its lower edge to its upper one. */
export interface Scale {
  readonly low: number
  readonly high: number
}

/** From the lowest to the highest of all lines, with a bit of air. Nothing when there is nothing to draw. */
export function scaleCurve({ series, limits }: Pick<PlotCurve, 'series' | 'limits'>): Scale | undefined {
  if (series.length === 0) return undefined
  const all = [...series, ...limits].flatMap(({ values }) => values.filter(value => value !== null))
  if (all.length === 0) return undefined
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const air = (high - low) * 0.08 || Math.abs(high) * 0.5 || 1
  // What is never below zero is not drawn as if it could be.
  return { low: low < 0 ? low - air : Math.max(0, low - air), high: high + air }
}

/** The line of some values, as SVG writes it. Where a value is missing the line has a gap. */
export function drawLine(values: Values, scale: Scale): string {
  return values
    .map((value, at) => {
      if (value === null) return ''
      const y = round(heightOf(value, scale))
      // One value between two gaps is a dot.
      return (values[at - 1] ?? null) === null ? `M${at} ${y}h.01` : `L${at} ${y}`
    })
    .join('')
}

/** Where the condition holds, beyond a limit that does not move: from a height to another one. */
export function findZone(operator: string, values: Values, scale: Scale): { y: number; height: number } | undefined {
  const known = new Set(values.filter(value => value !== null))
  const [limit] = known
  if (known.size !== 1 || limit === undefined) return undefined
  const y = round(heightOf(limit, scale))
  if (operator.startsWith('>')) return { y: 0, height: y }
  if (operator.startsWith('<')) return { y, height: HEIGHT - y }
  return undefined
}

function heightOf(value: number, { low, high }: Scale): number {
  return HEIGHT - ((value - low) / (high - low)) * HEIGHT
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' })

/** A number in a few letters: `0.021`, `7.2K`. */
export function sayNumber(value: number): string {
  return NUMBER.format(value)
}

/** A limit, with its number when that is another text: `< 0.15`, `> 5 * 60 (300)`. */
export function sayLimit({ operator, expression, values }: PlotCurve['limits'][number]): string {
  const now = values.at(-1) ?? values.findLast(value => value !== null)
  const number = now === undefined || now === null ? 'not known' : sayNumber(now)
  return number === expression ? `${operator} ${expression}` : `${operator} ${expression} (${number})`
}

/** What a curve shows, for those who do not see it, and below it for those who do. */
export function sayCurve({ series, limits, more }: PlotCurve): string {
  if (series.length === 0) return 'No data: nothing has this value in this time.'
  const all = series.length + more
  const last = series.map(({ values }) => values.at(-1) ?? null)
  const [first = null] = last
  const now = first === null ? 'No value now' : `Now ${sayNumber(first)}${all > 1 ? ', the nearest' : ''}`
  const held = limits.map(limit => {
    const limitNow = limit.values.at(-1) ?? null
    if (limitNow === null) return `Whether it is ${sayLimit(limit)} is not known.`
    const holds = last.filter(value => value !== null && compare(value, limit.operator, limitNow)).length
    const so = all === 1 ? (holds === 1 ? 'so now' : 'not so now') : `so now for ${holds} of ${series.length} drawn`
    return `The alert looks whether it is ${sayLimit(limit)}: ${so}.`
  })
  return [`${now}${all > 1 ? ` of ${all} series` : ''}.`, ...held].join(' ')
}

function compare(value: number, operator: string, limit: number): boolean {
  switch (operator) {
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '!=':
      return value !== limit
    default:
      return value === limit
  }
}

/** What tells a series from the others. */
export function nameSeries(labels: Readonly<Record<string, string>>, all: PlotCurve['series']): string {
  const entries = Object.entries(labels).filter(([name]) => name !== '__name__')
  const telling = entries.filter(([name, value]) => all.some(other => other.labels[name] !== value))
  const shown = telling.length > 0 ? telling : entries
  return shown.map(([name, value]) => `${name}=${value}`).join(' ') || 'without labels'
}
