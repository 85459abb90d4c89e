import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import type { Problem } from '../base/index.ts'
import type { Rule, RuleFile } from './rule.ts'

/**
 * Reads Prometheus rules: a rule file, or manifests of the kind PrometheusRule, whose rules stand below `spec`; any number of
 * documents. What is wrong comes as problems, never as an exception.
 */
export function readRules(text: string, file: string): RuleFile {
  const lines = new LineCounter()
  const options = { lineCounter: lines }
  const documents = [parseAllDocuments(text, options)].flat()
  const readers = (documents.length === 0 ? [parseDocument(text, options)] : documents).map(
    document => new RuleReader(file, document, lines),
  )
  const rules = readers.flatMap(reader => reader.readDocument())
  const problems = readers.flatMap(({ problems }) => problems)
  const [first] = readers
  if (problems.length === 0 && first && !readers.some(({ holdsRules }) => holdsRules)) first.reportNone()
  return { rules, problems: readers.flatMap(({ problems }) => problems) }
}

/** Walks one document of a file; what it cannot read becomes a problem. */
class RuleReader {
  readonly problems: Problem[] = []
  /** Whether there is a place for rules in it: other manifests may stand beside those of rules. */
  holdsRules = false
  readonly #file: string
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file
    this.#document = document
    this.#lines = lines
  }

  readDocument(): readonly Rule[] {
    for (const error of this.#document.errors) this.#problem('rules-yaml', error.pos[0], firstLine(error.message))
    return this.#document.errors.length === 0 ? this.#readManifest(this.#document.contents) : []
  }

  reportNone(): void {
    this.#wrong(this.#document.contents, 'a rule file has a list `groups`, or is a PrometheusRule')
  }

  #readManifest(node: unknown): readonly Rule[] {
    const kind = isMap(node) && node.has('apiVersion') ? this.#text(node, 'kind') : undefined
    if (!isMap(node) || kind === undefined) return this.#readGroups(node)
    if (kind.endsWith('List'))
      return this.#list(node, 'items', 'a list has `items`').flatMap(item => this.#readManifest(item))
    return kind === 'PrometheusRule' ? this.#readGroups(this.#get(node, 'spec')) : []
  }

  #readGroups(parent: unknown): readonly Rule[] {
    this.holdsRules = true
    return this.#list(parent, 'groups', 'a rule file has a list `groups`').flatMap(group => {
      if (isMap(group)) return this.#readGroup(group)
      return this.#wrong(group, 'a group has a `name` and a list `rules`')
    })
  }

  #problem(rule: string, offset: number, message: string): void {
    this.problems.push({ file: this.#file, ...this.#place(offset), rule, severity: 'error', message })
  }

  #readGroup(group: YAMLMap): readonly Rule[] {
    const name = this.#text(group, 'name')
    if (name === undefined) this.#wrong(group, 'a group has a `name`')
    return this.#list(group, 'rules', 'a group has a list `rules`').flatMap(rule => {
      if (isMap(rule)) return this.#readRule(rule, name ?? '')
      return this.#wrong(rule, 'a rule has `alert` or `record`, and `expr`')
    })
  }

  #readRule(rule: YAMLMap, group: string): readonly Rule[] {
    const alert = this.#text(rule, 'alert')
    const record = this.#text(rule, 'record')
    const expr = this.#text(rule, 'expr')
    if ((alert === undefined) === (record === undefined)) return this.#wrong(rule, 'a rule has `alert` or `record`')
    const name = this.#get(rule, alert === undefined ? 'record' : 'alert')
    if (expr === undefined) return this.#wrong(name, `the rule \`${alert ?? record}\` has no \`expr\``)
    const place = { file: this.#file, ...this.#place(startOf(name)) }
    const common = { ...place, group, expr, labels: this.#strings(rule, 'labels') }
    if (record !== undefined) return [{ kind: 'record', record, ...common }]
    if (alert === undefined) return []
    const annotations = this.#strings(rule, 'annotations')
    const wait = this.#text(rule, 'for')
    const keep = this.#text(rule, 'keep_firing_for')
    const spans = {
      ...(wait === undefined ? {} : { for: wait }),
      ...(keep === undefined ? {} : { keepFiringFor: keep }),
    }
    return [{ kind: 'alert', alert, ...common, ...spans, annotations }]
  }

  #list(parent: unknown, key: string, message: string): readonly unknown[] {
    const list = isMap(parent) ? this.#get(parent, key) : undefined
    return isSeq(list) ? list.items.map(item => this.#resolve(item)) : this.#wrong(list ?? parent, message)
  }

  /** A field that is to be text; numbers count, for `expr: 1` and `for: 0` are legal. */
  #text(map: YAMLMap, key: string): string | undefined {
    const node = this.#get(map, key)
    if (node === undefined) return undefined
    if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')) return String(node.value)
    this.#wrong(node, `\`${key}\` is text`)
    return undefined
  }

  #strings(map: YAMLMap, key: string): Record<string, string> {
    const node = this.#get(map, key)
    if (node === undefined) return {}
    if (isMap(node)) return Object.fromEntries(node.items.flatMap(pair => this.#entry(pair, key)))
    this.#wrong(node, `\`${key}\` is a map of texts`)
    return {}
  }

  #entry({ key, value }: Pair, parent: string): readonly [string, string][] {
    const text = this.#resolve(value)
    if (isScalar(key) && isScalar(text) && typeof text.value === 'string') return [[String(key.value), text.value]]
    return this.#wrong(text ?? key, `every value of \`${parent}\` is text; quote numbers`)
  }

  #get(map: YAMLMap, key: string): unknown {
    return this.#resolve(map.get(key, true))
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node
  }

  #wrong(node: unknown, message: string): readonly [] {
    this.#problem('rules-shape', startOf(node), message)
    return []
  }

  #place(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

function startOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
}
