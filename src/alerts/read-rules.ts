import type { Problem } from '../base/index.ts'
import type { AlertOrRecordingRule, RuleFile } from './alert-rule.ts'
import { decodeText } from './decode-text.ts'
import { RuleJudge } from './judge-rules.ts'
import { foreignField, nameDialect, type UnknownField } from './name-dialect.ts'
import { RULE_FILE } from './rule-shapes.ts'
import { Decoder } from './yaml/decode.ts'
import { type YamlNode, YamlParser } from './yaml/parse.ts'
import { isNull } from './yaml/resolve.ts'
import { YamlError } from './yaml/token.ts'

/**
 * Reads Prometheus rules like Prometheus 2.42. The content is a rule file, of which only the first document counts. Or it is any number of
 * manifests of the kind PrometheusRule, with rules below `spec`. Mistakes become problems; it never throws.
 */
export function readRules(content: Uint8Array | string, file: string): RuleFile {
  const { text, error } = decodeText(content)
  const reader = new RuleReader(text, file)
  if (error === undefined) return reader.read()
  return { rules: [], problems: [{ file, line: 1, column: 1, rule: 'rules-yaml', severity: 'error', message: error }] }
}

/** Walks the documents of a file. A part that it cannot read becomes a problem. */
class RuleReader {
  readonly #text: string
  readonly #file: string
  readonly #problems: Problem[] = []
  readonly #unknown: UnknownField[] = []

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
  }

  read(): RuleFile {
    const { documents, error } = this.#readDocuments()
    const manifests = documents.filter(isManifest)
    const [first] = documents
    // Prometheus does not look at what follows the first document; other tools read manifests from all of them.
    const isRuleFile = first !== undefined && !isManifest(first)
    if (error && (first === undefined || manifests.length > 0)) {
      this.#add('rules-yaml', 'error', placeOf(error), error.message)
      return this.#finish([], first)
    }
    const own = isRuleFile ? this.#readFileOfRules(first) : []
    if (isRuleFile && manifests.length === 0) this.#warnOfMore(documents[1], error)
    const rules = [...own, ...manifests.flatMap(manifest => this.#readManifest(manifest))]
    return this.#finish(rules, first)
  }

  #readDocuments(): { readonly documents: readonly YamlNode[]; readonly error?: YamlError } {
    const documents: YamlNode[] = []
    const parser = new YamlParser(this.#text)
    try {
      for (let document = parser.next(); document; document = parser.next()) documents.push(document)
      return { documents }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      return { documents, error }
    }
  }

  /** Names a file that is none of Prometheus for what it is, once, in place of what is wrong with it as one. */
  #finish(rules: readonly AlertOrRecordingRule[], first: YamlNode | undefined): RuleFile {
    const isBroken = this.#problems.some(({ severity }) => severity === 'error')
    if (rules.length > 0 && !isBroken) return { rules, problems: this.#problems }
    const dialect = nameDialect(this.#text, this.#file, first, this.#unknown, this.#problems)
    if (dialect !== undefined && (isBroken || (first && isManifest(first)))) {
      const [wrong = { ...(first ?? START), rule: 'rules-shape' }] = this.#problems
      const { rule, line, column } = wrong
      const place = dialect.line === undefined ? { line, column } : { line: dialect.line, column: 1 }
      const problem: Problem = { file: this.#file, ...place, rule, severity: 'error', message: dialect.message }
      return { rules: [], problems: [problem] }
    }
    if (rules.length === 0 && this.#problems.length === 0)
      this.#add('rules-shape', 'warning', first ?? START, 'there is no rule in this file')
    return { rules, problems: this.#problems }
  }

  /** Other manifests may stand beside those of rules. */
  #readManifest(manifest: YamlNode): readonly AlertOrRecordingRule[] {
    const kind = fieldOf(manifest, 'kind')?.value ?? ''
    if (kind.endsWith('List')) {
      const items = fieldOf(manifest, 'items')
      if (items?.kind === 'list') return items.content.flatMap(item => this.#readManifest(item))
      this.#wrong(items ?? manifest, 'a list has `items`')
      return []
    }
    if (kind !== 'PrometheusRule') return []
    const spec = fieldOf(manifest, 'spec')
    if (spec?.kind === 'map') return this.#readFileOfRules(spec)
    this.#wrong(spec ?? manifest, 'a PrometheusRule has its groups below `spec`')
    return []
  }

  #readFileOfRules(document: YamlNode): readonly AlertOrRecordingRule[] {
    const decoder = new Decoder()
    const decoded = decoder.decode(document, RULE_FILE)
    const isOther =
      decoder.mismatches.some(({ unknown }) => unknown?.of === 'a rule file') && !fieldOf(document, 'groups')
    if (isOther) {
      this.#wrong(document, 'a rule file has a list `groups`')
      return []
    }
    for (const { node, message, unknown } of decoder.mismatches) {
      if (unknown) this.#unknown.push(unknown)
      const system = unknown && foreignField(unknown.field)
      if (system === undefined) this.#wrong(node, message)
      else {
        const told = `\`${unknown?.field}\` is a field of ${system}: Prometheus refuses the file`
        this.#add('rules-shape', 'warning', node, told)
      }
    }
    const judge = new RuleJudge(this.#file, this.#problems)
    return decoded?.kind === 'map' ? judge.judge(decoded) : []
  }

  #warnOfMore(second: YamlNode | undefined, error: YamlError | undefined): void {
    const isMore = second ? !isNull(second) : error !== undefined
    if (!isMore) return
    const broken = error ? ', and what follows is no YAML' : ''
    const message = `Prometheus reads the first document of a file only${broken}: give this one a file of its own`
    this.#add('rules-shape', 'warning', second ?? (error ? placeOf(error) : START), message)
  }

  #wrong(place: Place, message: string): void {
    this.#add('rules-shape', 'error', place, message)
  }

  #add(rule: string, severity: Problem['severity'], { line, column }: Place, message: string): void {
    this.#problems.push({ file: this.#file, line, column, rule, severity, message })
  }
}

type Place = Pick<Problem, 'line' | 'column'>

const START: Place = { line: 1, column: 1 }

function placeOf({ mark: { line, column } }: YamlError): Place {
  return { line: line + 1, column: column + 1 }
}

function isManifest(document: YamlNode): boolean {
  return fieldOf(document, 'apiVersion') !== undefined && fieldOf(document, 'kind') !== undefined
}

/** The value of a key of a map. */
function fieldOf({ kind, content }: YamlNode, name: string): YamlNode | undefined {
  if (kind !== 'map') return undefined
  const at = content.findIndex((key, index) => index % 2 === 0 && key.kind === 'scalar' && key.value === name)
  return at < 0 ? undefined : content[at + 1]
}
