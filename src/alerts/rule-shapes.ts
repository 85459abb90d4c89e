import type { Shape } from './yaml/decode.ts'

const text = (is: string): Shape => ({ kind: 'text', is })
const texts = (field: string): Shape => ({
  kind: 'texts',
  is: `\`${field}\` is a map of texts`,
  value: `every value of \`${field}\` is text: put it in quotes`,
})
const duration = (field: string): Shape => text(`\`${field}\` is a duration such as 5m or 1h30m`)

const RULE: Shape = {
  kind: 'map',
  name: 'a rule',
  is: 'a rule has `alert` or `record`, and `expr`',
  fields: {
    record: { kind: 'raw', is: '' },
    alert: { kind: 'raw', is: '' },
    expr: { kind: 'raw', is: '' },
    for: duration('for'),
    keep_firing_for: duration('keep_firing_for'),
    labels: texts('labels'),
    annotations: texts('annotations'),
  },
}

const GROUP: Shape = {
  kind: 'map',
  name: 'a group',
  is: 'a group has a `name` and a list `rules`',
  fields: {
    name: text('the name of a group is text'),
    interval: duration('interval'),
    limit: { kind: 'integer', is: '`limit` is a whole number' },
    rules: { kind: 'list', is: 'a group has a list `rules`', item: RULE },
    query_offset: duration('query_offset'),
    labels: texts('labels'),
  },
}

/** The fields of a group that Prometheus 2.42 does not know. */
export const NEWER_GROUP_FIELDS = ['query_offset', 'labels']

/** The shape of a file of rules, as Prometheus declares it. */
export const RULE_FILE: Shape = {
  kind: 'map',
  name: 'a rule file',
  is: 'a rule file has a list `groups`',
  fields: { groups: { kind: 'list', is: 'a rule file has a list `groups`', item: GROUP } },
}
