import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Problem } from '../base/index.ts'

/** A place in a file, counted from 1. */
export type RulePoint = Pick<Problem, 'line' | 'column'>

/** A field of a map. An alias stands for its target only in `value`; what is null is absent there. */
export interface Field {
  readonly key: Node
  readonly written: Node | undefined
  readonly value: Node | undefined
  /** Where key and value begin and end in the text. */
  readonly range: readonly [start: number, end: number]
}

/** The documents of a YAML text, read as near to Prometheus' own reader as the library goes: every value is the text that is written. */
export class RuleYaml {
  readonly text: string
  readonly documents: readonly Document.Parsed[]
  readonly #lines = new LineCounter()
  readonly #targets = new Map<Alias, Node | undefined>()

  constructor(text: string) {
    // YAML 1.1 knows more ends of a line than the library. Each of them is one character, so that places stay.
    this.text = text.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, '\n')
    const parsed = parseAllDocuments(this.text, {
      version: '1.1',
      schema: 'failsafe',
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'silent',
    })
    this.documents = 'empty' in parsed ? [] : parsed
    for (const document of this.documents) this.#resolveAliases(document)
  }

  #resolveAliases(document: Document.Parsed): void {
    const anchors = new Map<string, Node>()
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) this.#targets.set(node, anchors.get(node.source))
        else if (node.anchor !== undefined) anchors.set(node.anchor, node)
      },
    })
  }

  placeOf(node: Node | undefined): RulePoint {
    return this.placeAt(node?.range?.[0] ?? 0)
  }

  placeAt(offset: number): RulePoint {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  /** What a node stands for; `undefined` for nothing, and for an alias of nothing. */
  follow(node: unknown): Node | undefined {
    const target = isAlias(node) ? this.#targets.get(node) : node
    if (isMap(target) || isSeq(target)) return target
    if (!isScalar(target)) return undefined
    const isNull = target.type === 'PLAIN' && target.tag === undefined && /^(?:~|null|Null|NULL|)$/.test(textOf(target))
    return isNull ? undefined : target
  }

  /** The fields of a map, its own before those that `<<` merges into it. */
  fieldsOf(map: YAMLMap, found = new Map<string, Field>(), seen = new Set<Node>()): ReadonlyMap<string, Field> {
    seen.add(map)
    const merged: unknown[] = []
    for (const { key, value } of map.items) {
      const name = this.follow(key)
      if (!isNode(key) || !name) continue
      const isMerge = isScalar(name) && name.type === 'PLAIN' && textOf(name) === '<<'
      const written = isNode(value) ? value : undefined
      if (isMerge) merged.push(...this.itemsOf(this.follow(value)))
      else if (!found.has(textOf(name))) {
        const range = [key.range?.[0] ?? 0, (written ?? key).range?.[1] ?? 0] as const
        found.set(textOf(name), { key, written, value: this.follow(value), range })
      }
    }
    for (const other of merged.map(node => this.follow(node)))
      if (isMap(other) && !seen.has(other)) this.fieldsOf(other, found, seen)
    return found
  }

  /** The items of a list, as they are written; of anything else, itself. */
  itemsOf(node: Node | undefined): readonly unknown[] {
    return isSeq(node) ? node.items : [node]
  }

  /** The text with nothing but these ranges, less others: every line and column stays. A comma after a part that goes, goes too. */
  keep([start, end]: readonly [number, number], without: readonly (readonly [number, number])[]): string {
    let text = blank(this.text.slice(0, start)) + this.text.slice(start, end)
    for (const [from, to] of without) {
      const comma = /^\s*,/.exec(text.slice(to))?.[0].length ?? 0
      text = text.slice(0, from) + blank(text.slice(from, to + comma)) + text.slice(to + comma)
    }
    return text
  }
}

/** The text of a scalar; of anything else, nothing. */
export function textOf(node: Node | undefined): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : ''
}

/** The text of a file, in one of the encodings of YAML: UTF-8, or UTF-16 with a byte order mark; or why it is none. */
export function decodeText(content: Uint8Array | string): { readonly text: string; readonly error?: string } {
  if (typeof content === 'string') return { text: content.replace(/^\ufeff/, '') }
  const [first, second] = content
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(content) }
  } catch {
    return { text: '', error: `the file is not ${encoding.toUpperCase()}` }
  }
}

function isNode(node: unknown): node is Node {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node)
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ')
}
