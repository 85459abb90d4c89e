/** The types of PromQL's values. */
export type PromType = 'scalar' | 'vector' | 'matrix' | 'string'

/** What a function takes and gives. */
export interface PromFunction {
  readonly takes: readonly PromType[]
  /** How many more arguments of the last type it takes; the last one itself may then be absent. Any number is infinity. */
  readonly more: number
  readonly gives: PromType
}

const VECTOR =
  'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp'
const RANGE =
  'absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time'
const TIME = 'day_of_month day_of_week day_of_year days_in_month hour minute month year'

/** A function by its name. One that 2.42 does not know is added to `newer`. */
export function findFunction(name: string, newer: string[]): PromFunction | undefined {
  const found = NEWER_FUNCTIONS.get(name)
  if (found) newer.push(`the function ${name}`)
  return found ?? FUNCTIONS.get(name)
}

/** An aggregation by its name, and the type of its parameter. One that 2.42 does not know is added to `newer`. */
export function findAggregation(
  name: string,
  newer: string[],
): { readonly parameter: PromType | undefined } | undefined {
  if (AGGREGATIONS.has(name)) return { parameter: AGGREGATIONS.get(name) }
  if (!NEWER_AGGREGATIONS.has(name)) return undefined
  newer.push(`the aggregation ${name}`)
  return { parameter: NEWER_AGGREGATIONS.get(name) }
}

/** The functions of Prometheus 2.42. */
const FUNCTIONS: ReadonlyMap<string, PromFunction> = new Map([
  ...each(VECTOR, ['vector']),
  ...each(RANGE, ['matrix']),
  ...each(TIME, ['vector'], 'vector', 1),
  ...each('clamp', ['vector', 'scalar', 'scalar']),
  ...each('clamp_max clamp_min', ['vector', 'scalar']),
  ...each('histogram_fraction', ['scalar', 'scalar', 'vector']),
  ...each('histogram_quantile', ['scalar', 'vector']),
  ...each('holt_winters', ['matrix', 'scalar', 'scalar']),
  ...each('label_join', ['vector', 'string', 'string', 'string'], 'vector', Number.POSITIVE_INFINITY),
  ...each('label_replace', ['vector', 'string', 'string', 'string', 'string']),
  ...each('pi time', [], 'scalar'),
  ...each('predict_linear', ['matrix', 'scalar']),
  ...each('quantile_over_time', ['scalar', 'matrix']),
  ...each('round', ['vector', 'scalar'], 'vector', 1),
  ...each('scalar', ['vector'], 'scalar'),
  ...each('vector', ['scalar']),
])

/** The functions that newer versions than 2.42 added. */
const NEWER_FUNCTIONS: ReadonlyMap<string, PromFunction> = new Map([
  ...each('histogram_avg histogram_stddev histogram_stdvar', ['vector']),
  ...each(
    'first_over_time mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
    ['matrix'],
  ),
  ...each('double_exponential_smoothing', ['matrix', 'scalar', 'scalar']),
  ...each('info', ['vector', 'vector'], 'vector', 1),
  ...each('sort_by_label sort_by_label_desc', ['vector', 'string'], 'vector', Number.POSITIVE_INFINITY),
])

/** The aggregations of Prometheus 2.42, with the type of their parameter, if they have one. */
const AGGREGATIONS: ReadonlyMap<string, PromType | undefined> = new Map<string, PromType | undefined>([
  ...'avg count group max min stddev stdvar sum'.split(' ').map(name => [name, undefined] as const),
  ...'bottomk quantile topk'.split(' ').map(name => [name, 'scalar'] as const),
  ['count_values', 'string'],
])

/** The aggregations that newer versions than 2.42 added. */
const NEWER_AGGREGATIONS: ReadonlyMap<string, PromType | undefined> = new Map([
  ['limitk', 'scalar'],
  ['limit_ratio', 'scalar'],
])

function each(
  names: string,
  takes: readonly PromType[],
  gives: PromType = 'vector',
  more = 0,
): (readonly [string, PromFunction])[] {
  return names.split(' ').map(name => [name, { takes, gives, more }] as const)
}
