import type { Problem } from '../base/index.ts'
import type { AlertOrRecordingRule, RuleFile } from './alert-rule.ts'
import { isRecord } from './json-shape.ts'
import { type LoadedYaml, loadYaml, type YamlPlace } from './load-yaml.ts'
import { judgeField, nameDialect } from './name-dialect.ts'

/**
 * Reads Prometheus rules like Prometheus. The text is a rule file, of which only the first document counts. Or it is any number of
 * manifests of the kind PrometheusRule, with rules below `spec`. Mistakes become problems; it never throws.
 */
export function readRules(text: string, file: string): RuleFile {
  const reader = new RuleReader(text, file, loadYaml(text))
  const rules = reader.readFile()
  return { rules, problems: reader.problems }
}

/** Walks the documents of a file. A part that it cannot read becomes a problem. */
class RuleReader {
  readonly problems: Problem[] = []
  readonly #text: string
  readonly #file: string
  readonly #yaml: LoadedYaml

  constructor(text: string, file: string, yaml: LoadedYaml) {
    this.#text = text
    this.#file = file
    this.#yaml = yaml
  }

  readFile(): readonly AlertOrRecordingRule[] {
    const { documents, error } = this.#yaml
    if (error) {
      const message = nameDialect(this.#text, this.#file, documents[0]) ?? error.message
      this.#add('rules-yaml', 'error', error, message)
      return []
    }
    const isManifest = (document: unknown) => isRecord(document) && 'apiVersion' in document && 'kind' in document
    const manifests = documents.filter(isManifest)
    const rules = [
      ...manifests.flatMap(manifest => this.#readManifest(manifest)),
      ...documents.flatMap((document, index) => (isManifest(document) ? [] : this.#readFileOfRules(document, index))),
    ]
    if (rules.length > 0 || this.problems.length > 0) return rules
    const dialect = manifests.length > 0 ? nameDialect(this.#text, this.#file, manifests[0]) : undefined
    if (dialect !== undefined) this.#wrong(manifests[0], undefined, dialect)
    else this.#add('rules-shape', 'warning', this.#yaml.placeOf(documents[0]), 'there is no rule in this file')
    return rules
  }

  /** Other manifests may stand beside those of rules. */
  #readManifest(manifest: unknown): readonly AlertOrRecordingRule[] {
    if (!isRecord(manifest)) return []
    if (String(manifest.kind).endsWith('List')) {
      return this.#list(manifest, 'items', 'a list has `items`').flatMap(item => this.#readManifest(item))
    }
    if (manifest.kind !== 'PrometheusRule') return []
    if (isRecord(manifest.spec)) return this.#readGroups(manifest.spec)
    return this.#wrong(manifest, 'spec', 'a PrometheusRule has its groups below `spec`')
  }

  #readFileOfRules(document: unknown, index: number): readonly AlertOrRecordingRule[] {
    if (isNothing(document)) return []
    const dialect = nameDialect(this.#text, this.#file, document)
    if (dialect !== undefined || !isRecord(document))
      return this.#wrong(document, undefined, dialect ?? 'a rule file has a list `groups`')
    if (index > 0) {
      const message = 'Prometheus reads the first document of a file only: give this one a file of its own'
      this.#add('rules-shape', 'warning', this.#yaml.placeOf(document), message)
      return []
    }
    this.#judgeFields('file', document)
    return this.#readGroups(document)
  }

  #readGroups(parent: Record<string, unknown>): readonly AlertOrRecordingRule[] {
    const seen = new Set<string>()
    const groups = this.#list(parent, 'groups', 'a rule file has a list `groups`')
    return groups.flatMap((group, index) => {
      if (isNothing(group)) return []
      if (!isRecord(group)) return this.#wrong(parent.groups, index, 'a group has a `name` and a list `rules`')
      const name = this.#string(group, 'name') ?? ''
      if (name === '') this.#wrong(group, undefined, 'a group has a `name`')
      else if (seen.has(name)) this.#wrong(group, 'name', `two groups of this file have the name \`${name}\``)
      seen.add(name)
      this.#judgeFields('group', group)
      this.#duration(group, 'interval')
      return this.#list(group, 'rules', 'a group has a list `rules`').flatMap((rule, place) => {
        if (isNothing(rule)) return []
        if (isRecord(rule)) return this.#readRule(rule, name)
        return this.#wrong(group.rules, place, 'a rule has `alert` or `record`, and `expr`')
      })
    })
  }

  #readRule(rule: Record<string, unknown>, group: string): readonly AlertOrRecordingRule[] {
    const alert = this.#string(rule, 'alert') || undefined
    const record = this.#string(rule, 'record') || undefined
    const expr = this.#string(rule, 'expr') || undefined
    this.#judgeFields('rule', rule)
    if ((alert === undefined) === (record === undefined))
      return this.#wrong(rule, undefined, 'a rule has `alert` or `record`')
    const key = alert === undefined ? 'record' : 'alert'
    if (expr === undefined) return this.#wrong(rule, key, `the rule \`${alert ?? record}\` has no \`expr\``)
    const place = { file: this.#file, ...this.#yaml.placeOf(rule, key) }
    const common = { ...place, group, expr, labels: this.#strings(rule, 'labels') }
    const annotations = this.#strings(rule, 'annotations')
    const wait = this.#duration(rule, 'for')
    const keep = this.#duration(rule, 'keep_firing_for')
    if (record !== undefined) {
      for (const field of ['for', 'keep_firing_for', 'annotations'])
        if (!isNothing(rule[field])) this.#wrong(rule, field, `a recording rule has no field \`${field}\``)
      return [{ kind: 'record', record, ...common }]
    }
    if (alert === undefined) return []
    const spans = {
      ...(wait === undefined ? {} : { for: wait }),
      ...(keep === undefined ? {} : { keepFiringFor: keep }),
    }
    return [{ kind: 'alert', alert, ...common, ...spans, annotations }]
  }

  #judgeFields(of: 'file' | 'group' | 'rule', map: Record<string, unknown>): void {
    for (const field of Object.keys(map)) {
      const judged = judgeField(of, field)
      if (judged) this.#add('rules-shape', judged.severity, this.#yaml.placeOf(map, field), judged.message)
    }
  }

  /** A list that may be empty, or left out where Prometheus reads that as empty. */
  #list(parent: Record<string, unknown>, key: string, message: string): readonly unknown[] {
    const list = parent[key]
    if (Array.isArray(list)) return list
    return isNothing(list) && key !== 'items' ? [] : this.#wrong(parent, key, message)
  }

  #string(map: Record<string, unknown>, key: string): string | undefined {
    const value = map[key]
    if (typeof value === 'string') return value
    if (!isNothing(value)) this.#wrong(map, key, `\`${key}\` is text`)
    return undefined
  }

  #duration(map: Record<string, unknown>, key: string): string | undefined {
    const text = this.#string(map, key)
    if (text === undefined || isNothing(text)) return undefined
    if (!DURATION.test(text)) this.#wrong(map, key, `\`${key}\` is a duration such as 5m or 1h30m`)
    return text
  }

  #strings(map: Record<string, unknown>, key: string): Record<string, string> {
    const texts = map[key]
    if (isNothing(texts)) return {}
    if (!isRecord(texts)) {
      this.#wrong(map, key, `\`${key}\` is a map of texts`)
      return {}
    }
    const entries = Object.entries(texts).flatMap(([name, value]) => {
      if (isNothing(value)) return [[name, ''] as const]
      if (typeof value === 'string') return [[name, value] as const]
      return this.#wrong(texts, name, `every value of \`${key}\` is text: put it in quotes`)
    })
    return Object.fromEntries(entries)
  }

  #wrong(container: unknown, key: string | number | undefined, message: string): readonly [] {
    this.#add('rules-shape', 'error', this.#yaml.placeOf(container, key), message)
    return []
  }

  #add(rule: string, severity: Problem['severity'], { line, column }: YamlPlace, message: string): void {
    this.problems.push({ file: this.#file, line, column, rule, severity, message })
  }
}

/** A duration of Prometheus: units from years to milliseconds, each at most once, in this order. */
const DURATION = /^(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$|^0$/

/** Whether YAML has no value here. Scalars are read as text, so null is one of its spellings. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && /^(?:|~|null|Null|NULL)$/.test(value))
}
