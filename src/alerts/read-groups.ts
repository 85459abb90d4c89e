import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Problem } from '../base/index.ts'
import type { AlertOrRecordingRule } from './alert-rule.ts'
import { foreignField, type UnknownField } from './name-dialect.ts'
import { DURATIONS, FIELDS, NEWER_GROUP_FIELDS } from './rule-shapes.ts'
import { type Field, type RulePoint, type RuleYaml, textOf } from './rule-yaml.ts'

/** The fields of a map that stands in the file at `node`. */
interface Fields {
  readonly node: Node
  readonly fields: ReadonlyMap<string, Field>
}

/** Reads the groups of a file, and their rules. What has not the shape of one becomes a problem beside what can be read. */
export class GroupReader {
  readonly problems: Problem[] = []
  readonly unknown: UnknownField[] = []
  /** The fields that other systems or newer versions have: without them, an older promtool can judge the rest. */
  readonly extra: (readonly [start: number, end: number])[] = []
  readonly #yaml: RuleYaml
  readonly #file: string
  readonly #groups = new Map<string, readonly (Fields | undefined)[]>()
  readonly #durations = new Map<string, Node>()
  readonly #seen = new Map<string, number>()

  constructor(yaml: RuleYaml, file: string) {
    this.#yaml = yaml
    this.#file = file
  }

  read(map: YAMLMap): readonly AlertOrRecordingRule[] {
    const fields = this.#yaml.fieldsOf(map)
    if ([...fields.keys()].length > 0 && !fields.has('groups')) {
      this.add('error', map, 'a rule file has a list `groups`')
      return []
    }
    this.#nameUnknown('a rule file', fields)
    return this.#maps(fields.get('groups'), 'a rule file has a list `groups`', GROUP).flatMap(group =>
      group ? this.#readGroup(group) : [],
    )
  }

  add(severity: Problem['severity'], node: Node | undefined, message: string): void {
    this.problems.push({ file: this.#file, ...this.#yaml.placeOf(node), rule: 'rules-shape', severity, message })
  }

  /** Where promtool means: the rule of a group, counted from 1, and there the label or the annotation that is named. */
  findRule(group: string, index: number, field?: string): RulePoint | undefined {
    const rule = this.#groups.get(group)?.[index - 1]
    if (!rule) return undefined
    const inside = ['labels', 'annotations'].flatMap(name => {
      const map = rule.fields.get(name)?.value
      return isMap(map) ? (this.#yaml.fieldsOf(map).get(field ?? '')?.key ?? []) : []
    })
    return this.#yaml.placeOf(inside[0] ?? nameOf(rule))
  }

  /** Where a text stands as a duration. */
  findDuration(text: string): RulePoint | undefined {
    const node = this.#durations.get(text)
    return node && this.#yaml.placeOf(node)
  }

  #readGroup(group: Fields): readonly AlertOrRecordingRule[] {
    const name = textOf(group.fields.get('name')?.value)
    if (name === '') this.add('error', group.fields.get('name')?.written ?? group.node, 'a group has a `name`')
    this.#nameUnknown('a group', group.fields)
    this.#texts(group, 'labels')
    const rules = this.#maps(group.fields.get('rules'), 'a group has a list `rules`', RULE)
    if (!this.#groups.has(name)) this.#groups.set(name, rules)
    return rules.flatMap(rule => (rule ? this.#readRule(rule, name) : []))
  }

  #readRule(rule: Fields, group: string): readonly AlertOrRecordingRule[] {
    this.#nameUnknown('a rule', rule.fields)
    const [alert, record, expr] = ['alert', 'record', 'expr'].map(field => this.#raw(rule, field))
    const labels = this.#texts(rule, 'labels')
    const annotations = this.#texts(rule, 'annotations')
    if ((alert === undefined) === (record === undefined)) {
      this.add('error', rule.fields.get('record')?.written ?? rule.node, 'a rule has `alert` or `record`')
      return []
    }
    const node = nameOf(rule)
    const name = alert ?? record ?? ''
    if (expr === undefined) {
      const written = rule.fields.get('expr')?.value
      const isOther = isMap(written) || isSeq(written)
      this.add('error', isOther ? written : node, isOther ? '`expr` is text' : `the rule \`${name}\` has no \`expr\``)
      return []
    }
    this.#warnOfTwin(node, name, labels)
    const common = { file: this.#file, ...this.#yaml.placeOf(node), group, expr, labels }
    if (alert === undefined) return [{ kind: 'record', record: name, ...common }]
    const [wait, keep] = ['for', 'keep_firing_for'].map(field => textOf(rule.fields.get(field)?.value) || undefined)
    const spans = {
      ...(wait === undefined ? {} : { for: wait }),
      ...(keep === undefined ? {} : { keepFiringFor: keep }),
    }
    return [{ kind: 'alert', alert, ...common, ...spans, annotations }]
  }

  /** The text of a field as it is written. Prometheus 2 takes the name of an alias for the value, Prometheus 3 what it stands for. */
  #raw({ fields }: Fields, name: string): string | undefined {
    const { written, value } = fields.get(name) ?? {}
    if (!isAlias(written)) return textOf(written) || undefined
    const { source } = written
    this.add(
      'warning',
      written,
      `Prometheus older than 3 reads \`*${source}\` as the text \`${source}\`: write the value out`,
    )
    return textOf(value) || source
  }

  #texts({ fields }: Fields, name: string): Record<string, string> {
    const { written, value } = fields.get(name) ?? {}
    if (value === undefined) return {}
    if (!isMap(value)) {
      this.add('error', written, `\`${name}\` is a map of texts`)
      return {}
    }
    const entries = [...this.#yaml.fieldsOf(value)]
    for (const [, { written, value }] of entries)
      if (isMap(value) || isSeq(value))
        this.add('error', written, `every value of \`${name}\` is text: put it in quotes`)
    return Object.fromEntries(entries.map(([key, { value }]) => [key, textOf(value)]))
  }

  /** The items of a list that are maps; what is nothing keeps its place. */
  #maps(list: Field | undefined, is: string, item: string): readonly (Fields | undefined)[] {
    if (list?.value === undefined) return []
    if (!isSeq(list.value)) {
      this.add('error', list.written, is)
      return []
    }
    return list.value.items.map(node => {
      const map = this.#yaml.follow(node)
      if (isMap(map)) return { node: map, fields: this.#yaml.fieldsOf(map) }
      if (map) this.add('error', map, item)
      return undefined
    })
  }

  #nameUnknown(of: keyof typeof FIELDS, fields: ReadonlyMap<string, Field>): void {
    const known: readonly string[] = FIELDS[of]
    for (const [field, { key, value, range }] of fields) {
      if (DURATIONS.includes(field) && isScalar(value) && !this.#durations.has(textOf(value)))
        this.#durations.set(textOf(value), value)
      if (of === 'a group' && NEWER_GROUP_FIELDS.includes(field)) this.extra.push(range)
      if (known.includes(field)) continue
      this.unknown.push({ field, of })
      const system = foreignField(field)
      if (system === undefined) this.add('error', key, `there is no field \`${field}\` in ${of}`)
      else {
        this.add('warning', key, `\`${field}\` is a field of ${system}: Prometheus refuses the file`)
        this.extra.push(range)
      }
    }
  }

  #warnOfTwin(node: Node, name: string, labels: Readonly<Record<string, string>>): void {
    const id = JSON.stringify([name, Object.entries(labels).sort()])
    const line = this.#seen.get(id)
    if (line !== undefined)
      this.add('warning', node, `the rule \`${name}\` is there twice with the same labels, first in line ${line}`)
    else this.#seen.set(id, this.#yaml.placeOf(node).line)
  }
}

const GROUP = 'a group has a `name` and a list `rules`'
const RULE = 'a rule has `alert` or `record`, and `expr`'

/** Where a rule's name stands; without one, the rule. */
function nameOf({ node, fields }: Fields): Node {
  return (fields.get('alert') ?? fields.get('record'))?.written ?? node
}
