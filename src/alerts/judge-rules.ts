import type { Problem } from '../base/index.ts'
import type { AlertOrRecordingRule } from './alert-rule.ts'
import { parsePrometheusDuration } from './prometheus-duration.ts'
import { judgePromql } from './promql/parse.ts'
import { NEWER_GROUP_FIELDS } from './rule-shapes.ts'
import { judgeTemplate } from './template/parse.ts'
import type { Decoded, Entry } from './yaml/decode.ts'
import type { YamlNode } from './yaml/parse.ts'

type Fields = Extract<Decoded, { readonly kind: 'map' }>

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Judges the groups of a file as Prometheus 2.42 does, and gives their rules. What newer versions add is warned of. */
export class RuleJudge {
  readonly #file: string
  readonly #problems: Problem[]
  readonly #seen = new Map<string, number>()

  constructor(file: string, problems: Problem[]) {
    this.#file = file
    this.#problems = problems
  }

  judge(file: Fields): readonly AlertOrRecordingRule[] {
    const names = new Set<string>()
    return items(file, 'groups').flatMap(group => {
      const name = textOf(group, 'name') ?? ''
      if (name === '') this.#wrong(nodeOf(group, 'name') ?? group.node, 'a group has a `name`')
      else if (names.has(name))
        this.#wrong(nodeOf(group, 'name') ?? group.node, `two groups of this file have the name \`${name}\``)
      names.add(name)
      for (const field of NEWER_GROUP_FIELDS) {
        const node = group.keys.get(field)
        if (node) this.#newer(node, `the field \`${field}\` of a group`)
      }
      for (const field of ['interval', 'query_offset']) this.#duration(group, field)
      this.#judgeLabels(group)
      return items(group, 'rules').flatMap(rule => this.#judgeRule(rule, name))
    })
  }

  #judgeRule(rule: Fields, group: string): readonly AlertOrRecordingRule[] {
    const alert = textOf(rule, 'alert') || undefined
    const record = textOf(rule, 'record') || undefined
    const expr = textOf(rule, 'expr') ?? ''
    const wait = this.#duration(rule, 'for')
    const keep = this.#duration(rule, 'keep_firing_for')
    const labels = this.#judgeLabels(rule, alert !== undefined)
    const annotations = this.#judgeAnnotations(rule, alert !== undefined)
    const node = nodeOf(rule, alert === undefined ? 'record' : 'alert') ?? rule.node
    if ((alert === undefined) === (record === undefined)) {
      this.#wrong(nodeOf(rule, 'record') ?? rule.node, 'a rule has `alert` or `record`')
      return []
    }
    if (!this.#judgeExpression(rule, alert ?? record ?? '', node)) return []
    for (const field of ['alert', 'record']) this.#warnOfAlias(rule, field)
    const place = { file: this.#file, line: node.line, column: node.column }
    const common = { ...place, group, expr, labels }
    this.#warnOfTwin(node, alert ?? record ?? '', labels)
    if (record !== undefined) {
      this.#judgeRecording(rule, record, node)
      return [{ kind: 'record', record, ...common }]
    }
    if (alert === undefined) return []
    const spans = {
      ...(wait === undefined ? {} : { for: wait }),
      ...(keep === undefined ? {} : { keepFiringFor: keep }),
    }
    return [{ kind: 'alert', alert, ...common, ...spans, annotations }]
  }

  #judgeRecording(rule: Fields, record: string, node: YamlNode): void {
    for (const field of ['for', 'keep_firing_for'])
      if ((parsePrometheusDuration(textOf(rule, field) ?? '0') ?? 0n) !== 0n)
        this.#wrong(node, `a recording rule has no field \`${field}\``)
    if (entries(rule, 'annotations').length > 0) this.#wrong(node, 'a recording rule has no field `annotations`')
    if (!METRIC.test(judged(rule, 'record') ?? record))
      this.#wrong(node, `\`${record}\` is no name of a series: letters, digits, \`_\` and \`:\``)
  }

  /** False when there is no expression; one that is broken leaves the rule readable. */
  #judgeExpression(rule: Fields, name: string, node: YamlNode): boolean {
    const expr = judged(rule, 'expr') ?? ''
    const place = nodeOf(rule, 'expr') ?? node
    if (expr === '') {
      if (place.kind === 'list' || place.kind === 'map') this.#wrong(place, '`expr` is text')
      else this.#wrong(place, `the rule \`${name}\` has no \`expr\``)
      return false
    }
    const { error, newer } = judgePromql(expr)
    if (error)
      this.#wrong(place, `the expression of \`${name}\` is no PromQL: ${showOffset(expr, error.at)}: ${error.message}`)
    for (const what of newer) this.#newer(place, what)
    this.#warnOfAlias(rule, 'expr')
    return true
  }

  #judgeLabels(map: Fields, isTemplate = false): Record<string, string> {
    const labels = entries(map, 'labels')
    for (const [name, { key, node, text }] of labels) {
      if (!LABEL.test(name) || name === '__name__') this.#wrong(key, `\`${name}\` is no name of a label`)
      if (isTemplate) this.#template(`label ${name}`, text, node)
    }
    return Object.fromEntries(labels.map(([name, { text }]) => [name, text]))
  }

  #judgeAnnotations(rule: Fields, isTemplate: boolean): Record<string, string> {
    const annotations = entries(rule, 'annotations')
    for (const [name, { key, node, text }] of annotations) {
      if (!LABEL.test(name)) this.#wrong(key, `\`${name}\` is no name of an annotation`)
      if (isTemplate) this.#template(`annotation ${name}`, text, node)
    }
    return Object.fromEntries(annotations.map(([name, { text }]) => [name, text]))
  }

  #template(what: string, text: string, node: YamlNode): void {
    const wrong = text.includes('{{') ? judgeTemplate(text) : undefined
    if (wrong !== undefined) this.#wrong(node, `the ${what} is no template: ${wrong}`)
  }

  #duration(map: Fields, field: string): string | undefined {
    const text = textOf(map, field)
    if (text === undefined) return undefined
    if (parsePrometheusDuration(text) === undefined)
      this.#wrong(nodeOf(map, field) ?? map.node, `\`${field}\` is a duration such as 5m or 1h30m`)
    return text
  }

  /** Prometheus 2 takes the name of the anchor for the value, Prometheus 3 what it stands for. */
  #warnOfAlias(rule: Fields, field: string): void {
    const node = nodeOf(rule, field)
    if (node?.kind !== 'alias') return
    const message = `Prometheus older than 3 reads \`*${node.value}\` as the text \`${node.value}\`: write the value out`
    this.#add('warning', node, message)
  }

  #warnOfTwin(node: YamlNode, name: string, labels: Readonly<Record<string, string>>): void {
    const id = JSON.stringify([name, Object.entries(labels).sort()])
    const line = this.#seen.get(id)
    if (line !== undefined)
      this.#add('warning', node, `the rule \`${name}\` is there twice with the same labels, first in line ${line}`)
    else this.#seen.set(id, node.line)
  }

  #newer(node: YamlNode, what: string): void {
    this.#add('warning', node, `${what} is newer than Prometheus 2.42, which refuses the file`)
  }

  #wrong(node: YamlNode, message: string): void {
    this.#add('error', node, message)
  }

  #add(severity: Problem['severity'], { line, column }: YamlNode, message: string): void {
    this.#problems.push({ file: this.#file, line, column, rule: 'rules-shape', severity, message })
  }
}

function items(map: Fields, field: string): readonly Fields[] {
  const list = map.fields.get(field)
  return list?.kind === 'list' ? list.items.flatMap(item => (item.kind === 'map' ? [item] : [])) : []
}

function entries(map: Fields, field: string): readonly (readonly [string, Entry])[] {
  const texts = map.fields.get(field)
  return texts?.kind === 'texts' ? [...texts.entries] : []
}

function textOf(map: Fields, field: string): string | undefined {
  const value = map.fields.get(field)
  return value?.kind === 'text' ? value.text : undefined
}

/** What Prometheus 2.42 judges: of an alias, its name. */
function judged(map: Fields, field: string): string | undefined {
  const node = nodeOf(map, field)
  return node?.kind === 'alias' ? node.value : textOf(map, field)
}

function nodeOf(map: Fields, field: string): YamlNode | undefined {
  return map.fields.get(field)?.node
}

function showOffset(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}
