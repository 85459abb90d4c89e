/** The fields of each part of a rule file, as Prometheus declares them. */
export const FIELDS = {
  'a rule file': ['groups'],
  'a group': ['name', 'interval', 'limit', 'rules', 'query_offset', 'labels'],
  'a rule': ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'],
} as const

/** The fields of a group that Prometheus 2.42 does not know. */
export const NEWER_GROUP_FIELDS: readonly string[] = ['query_offset', 'labels']

/** The fields that hold a duration. */
export const DURATIONS: readonly string[] = ['interval', 'query_offset', 'for', 'keep_firing_for']

/** Functions and aggregations that newer versions than Prometheus 2.42 added. */
const FUNCTIONS =
  'double_exponential_smoothing first_over_time histogram_avg histogram_stddev histogram_stdvar info limit_ratio limitk mad_over_time sort_by_label sort_by_label_desc ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time'

/** Why a promtool refuses what newer versions of Prometheus read; `what` is the start of a sentence about it. */
export const NEWER: readonly (readonly [refusal: RegExp, what: string])[] = [
  [/^field (query_offset|labels) not found in type rulefmt\.RuleGroup/, 'the field `$1` of a group'],
  [new RegExp(`unknown function with name "(${FUNCTIONS.replaceAll(' ', '|')})"`), 'the function $1'],
  [/parse error: (?:function )?"?(\w+)(?:\(\))?"? is experimental and must be enabled/, 'the function $1'],
  [/unexpected string .* in (?:label matching, expected identifier|grouping opts, expected label)/, 'a name in quotes'],
  [/missing unit character in duration/, 'a duration without a unit'],
  [/invalid (?:label|annotation|recording rule) name: ((?!__name__$)[^\n]+)/, 'the name `$1`'],
]
