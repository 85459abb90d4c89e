import { type Document, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import { describeYamlError, type Problem } from '../base/index.ts'
import type { AlertOrRecordingRule, RuleFile } from './alert-rule.ts'
import { nameDialect } from './name-dialect.ts'
import { GroupReader } from './read-groups.ts'
import { decodeText, type RulePoint, RuleYaml, textOf } from './rule-yaml.ts'

/** What to do about a file that is none of Prometheus: how a rule file is written is beside the point. */
const NO_RULES = 'Give a rule file that Prometheus reads'

/**
 * Reads Prometheus rules. The content is a rule file, of which only the first document counts. Or it is any number of manifests of the kind
 * PrometheusRule, with rules below `spec`. What YAML and the shape of a rule show to be wrong becomes a problem; it never throws. Whether
 * Prometheus takes the file, only `judgeRules` knows.
 */
export function readRules(content: Uint8Array | string, file: string): RuleFile {
  const source = new RuleSource(content, file)
  return source.finish(source.problems)
}

/** A file of rules that was read, and what promtool may be asked about. */
export class RuleSource {
  readonly file: string
  readonly problems: readonly Problem[]
  /** Whether the file itself is what Prometheus reads. */
  readonly isRuleFile: boolean
  /** Whether the YAML library could not read it. */
  readonly isUnread: boolean
  /** The texts that promtool can judge, with the lines and columns of this file. */
  readonly copies: readonly (Uint8Array | string)[]
  readonly groups: GroupReader
  readonly #yaml: RuleYaml
  readonly #rules: readonly AlertOrRecordingRule[]
  readonly #broken: Problem[] = []

  constructor(content: Uint8Array | string, file: string) {
    const { text, error } = decodeText(content)
    this.file = file
    this.#yaml = new RuleYaml(text)
    this.groups = new GroupReader(this.#yaml, file)
    const [first] = this.#yaml.documents
    const manifests = this.#yaml.documents.filter(({ contents }) => this.#isManifest(contents))
    this.isRuleFile = first === undefined || !manifests.includes(first)
    if (error !== undefined) this.#addBroken({ line: 1, column: 1 }, 'rules-yaml', error)
    for (const document of this.isRuleFile && first ? [first] : manifests) this.#addErrors(document)
    this.isUnread = this.#broken.some(({ rule }) => rule === 'rules-yaml')
    const specs = this.isUnread ? [] : manifests.flatMap(({ contents }) => this.#findSpecs(contents))
    const own = this.isRuleFile && !this.isUnread ? this.#readFirst(first) : []
    if (this.isRuleFile && manifests.length === 0) this.#warnOfMore()
    this.#rules = [...own, ...specs.flatMap(spec => this.groups.read(spec))]
    this.problems = [...this.#broken, ...this.groups.problems]
    const { extra } = this.groups
    const { text: all } = this.#yaml
    const kept = specs.map(({ range }) => this.#yaml.keep([range?.[0] ?? 0, range?.[1] ?? 0], extra))
    const rest = this.isRuleFile && extra.length > 0 ? [this.#yaml.keep([0, all.length], extra)] : []
    this.copies = [...(this.isRuleFile ? [content] : []), ...kept, ...rest]
  }

  /** The place of a line of the file: its first letter. */
  placeOfLine(line: number): RulePoint {
    const text = this.#yaml.text.split('\n')[line - 1] ?? ''
    return { line, column: text.search(/\S|$/) + 1 }
  }

  /** The rules with these problems. A file that is none of Prometheus is named once for what it is, in place of what is wrong with it. */
  finish(problems: readonly Problem[]): RuleFile {
    const first = this.#yaml.documents[0]?.contents
    const isBroken = problems.some(({ severity }) => severity === 'error')
    if (this.#rules.length > 0 && !isBroken) return { rules: this.#rules, problems }
    const fields = isMap(first) ? this.#yaml.fieldsOf(first) : new Map<string, { value: Node | undefined }>()
    const texts = new Map([...fields].map(([name, { value }]) => [name, textOf(value)]))
    const dialect = nameDialect(this.#yaml.text, this.file, texts, this.groups.unknown, problems)
    const place = { file: this.file, ...this.#yaml.placeOf(first ?? undefined) }
    if (dialect !== undefined && (isBroken || !this.isRuleFile)) {
      const { rule, line, column } = problems[0] ?? { ...place, rule: 'rules-shape' }
      const at = dialect.line === undefined ? { line, column } : { line: dialect.line, column: 1 }
      const { message } = dialect
      return { rules: [], problems: [{ file: this.file, ...at, rule, severity: 'error', message, hint: NO_RULES }] }
    }
    if (this.#rules.length > 0 || problems.length > 0) return { rules: this.#rules, problems }
    const message = 'there is no rule in this file'
    return { rules: [], problems: [{ ...place, rule: 'rules-shape', severity: 'warning', message }] }
  }

  #isManifest(contents: unknown): boolean {
    if (!isMap(contents)) return false
    const fields = this.#yaml.fieldsOf(contents)
    return fields.has('apiVersion') && fields.has('kind')
  }

  #readFirst(document: Document.Parsed | undefined): readonly AlertOrRecordingRule[] {
    const contents = this.#yaml.follow(document?.contents)
    if (isMap(contents)) return this.groups.read(contents)
    if (contents) this.groups.add('error', contents, 'a rule file has a list `groups`')
    return []
  }

  /** Other manifests may stand beside those of rules. */
  #findSpecs(manifest: unknown): readonly YAMLMap[] {
    const map = this.#yaml.follow(manifest)
    if (!isMap(map)) return []
    const fields = this.#yaml.fieldsOf(map)
    const kind = textOf(fields.get('kind')?.value)
    if (kind.endsWith('List')) {
      const items = fields.get('items')?.value
      if (isSeq(items)) return items.items.flatMap(item => this.#findSpecs(item))
      this.groups.add('error', items ?? map, 'a list has `items`')
      return []
    }
    if (kind !== 'PrometheusRule') return []
    const spec = fields.get('spec')?.value
    if (isMap(spec)) return [spec]
    this.groups.add('error', spec ?? map, 'a PrometheusRule has its groups below `spec`')
    return []
  }

  /** A mistake of structure leads to more that are none: the first one is told. */
  #addErrors({ errors }: Document.Parsed): void {
    const told = errors.filter(({ code }) => code === 'DUPLICATE_KEY')
    const [first] = errors.filter(error => !told.includes(error))
    for (const error of first ? [first] : told) {
      const { message } = describeYamlError(error, this.#yaml.text)
      this.#addBroken(this.#yaml.placeAt(error.pos[0]), first ? 'rules-yaml' : 'rules-shape', message)
    }
  }

  #addBroken(place: RulePoint, rule: string, message: string): void {
    this.#broken.push({ file: this.file, ...place, rule, severity: 'error', message })
  }

  #warnOfMore(): void {
    const second = this.#yaml.documents[1]
    if (!second || (isScalar(second.contents) && !this.#yaml.follow(second.contents) && second.errors.length === 0))
      return
    const broken = second.errors.length > 0 ? ', and what follows is no YAML' : ''
    const message = `Prometheus reads the first document of a file only${broken}: give this one a file of its own`
    const place = second.errors[0]
      ? this.#yaml.placeAt(second.errors[0].pos[0])
      : this.#yaml.placeOf(second.contents ?? undefined)
    this.groups.problems.push({ file: this.file, ...place, rule: 'rules-shape', severity: 'warning', message })
  }
}
