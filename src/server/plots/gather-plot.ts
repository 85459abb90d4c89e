import {
  askAlertExpressions,
  type Condition,
  queryRange,
  type RangeSeries,
  splitConditions,
} from '../../alerts/index.ts'
import type { AlertPlot, PlotCurve } from '../../wire/index.ts'

/** Looks over a span, and the most curves of a plot, and series of a curve. */
const LOOKS = 180
const MOST_CURVES = 4
const MOST_SERIES = 6

/** Milliseconds that Prometheus may take for all of it: a browser waits for 8 s. */
const PATIENCE = 6000

/** What a plot is made from. */
interface Wanted {
  readonly alert: string
  /** Where Prometheus answers; nothing where an environment names none. */
  readonly url: string | undefined
  /** How far it looks back. */
  readonly minutes: number
  /** The expressions that the handbook's rules have for this alert. */
  readonly readOwn: () => Promise<readonly string[]>
  readonly now: Date
}

/**
 * Asks Prometheus for the values that an alert's expression compares, and what it compares them with. The expression is the one that Prometheus
 * evaluates: another one would be no plot of this alert. Where it has no such rule, the handbook's own is taken. What it cannot do is said in the plot.
 */
export async function gatherPlot({ alert, url, minutes, readOwn, now }: Wanted): Promise<AlertPlot> {
  const step = (minutes * 60) / LOOKS
  const end = Math.floor(now.getTime() / 1000 / step) * step
  const span = { start: end - LOOKS * step, end, step }
  const head = { alert, from: toTime(span.start), until: toTime(end) }
  if (url === undefined) return { ...head, state: 'not-asked' }
  const signal = AbortSignal.timeout(PATIENCE)
  try {
    const theirs = await askAlertExpressions(url, alert, signal)
    const expressions = theirs.length > 0 ? theirs : await readOwn()
    if (expressions.length === 0) return { ...head, state: 'no-rule' }
    const conditions = expressions.flatMap(splitConditions)
    const ask = (expression: string) => queryRange(url, expression, span, signal)
    const curves = await Promise.all(conditions.slice(0, MOST_CURVES).map(condition => gatherCurve(condition, ask)))
    const more = conditions.length - curves.length
    return { ...head, state: 'drawn', ruleOf: theirs.length > 0 ? 'prometheus' : 'handbook', expressions, curves, more }
  } catch (error) {
    return { ...head, state: 'no-answer', why: error instanceof Error ? error.message : String(error) }
  }
}

async function gatherCurve(
  { expression, comparisons }: Condition,
  ask: (expression: string) => Promise<readonly RangeSeries[]>,
): Promise<PlotCurve> {
  const [all, ...limits] = await Promise.all([ask(expression), ...comparisons.map(other => ask(other.with))])
  const [first] = comparisons
  return {
    expression,
    // A limit that is several series at once is not one line.
    limits: comparisons.map(({ operator, with: other }, at) => ({
      operator,
      expression: other,
      values: limits[at]?.length === 1 ? (limits[at][0]?.values ?? []) : [],
    })),
    series: rank(all, first?.operator).slice(0, MOST_SERIES),
    more: Math.max(0, all.length - MOST_SERIES),
  }
}

/** Those that are nearest to what the alert wants come first. */
function rank(series: readonly RangeSeries[], operator = '>'): RangeSeries[] {
  const sign = operator.startsWith('<') ? 1 : -1
  const last = ({ values }: RangeSeries) => values.findLast(value => value !== null) ?? -sign * Number.POSITIVE_INFINITY
  return series.toSorted((one, other) => sign * (last(one) - last(other)) || 0)
}

function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
