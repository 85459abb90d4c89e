import type { YamlNode } from './parse.ts'
import { isNull, type Resolved, resolveScalar, textOf } from './resolve.ts'

/** What a value must be; `is` is the sentence that is true of a right one. `raw` takes any value as it is written. */
export type Shape =
  | { readonly kind: 'text' | 'raw' | 'integer'; readonly is: string }
  | { readonly kind: 'texts'; readonly is: string; readonly value: string }
  | { readonly kind: 'list'; readonly is: string; readonly item: Shape }
  | MapShape

interface MapShape {
  readonly kind: 'map'
  readonly is: string
  readonly name: string
  readonly fields: Readonly<Record<string, Shape>>
}

/** A value that has its shape. A field of a map is found with the node of its key and of its value. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly node: YamlNode }
  | { readonly kind: 'texts'; readonly entries: ReadonlyMap<string, Entry>; readonly node: YamlNode }
  | { readonly kind: 'list'; readonly items: readonly Decoded[]; readonly node: YamlNode }
  | {
      readonly kind: 'map'
      readonly fields: ReadonlyMap<string, Decoded>
      /** The keys of the fields that are known, also where the value is nothing. */
      readonly keys: ReadonlyMap<string, YamlNode>
      readonly node: YamlNode
    }

/** A text of a map of texts. */
export interface Entry {
  readonly text: string
  readonly key: YamlNode
  readonly node: YamlNode
}

/** What does not fit: a field that is not known, or anything else. */
export interface Mismatch {
  readonly node: YamlNode
  readonly message: string
  /** The field that is not known, and what has no such field. */
  readonly unknown?: { readonly field: string; readonly of: string }
}

/** More values than this, nearly all of them by aliases, are refused. */
const MOST_ALIASES = 100_000

/** Puts a document into its shape, as Prometheus' YAML reader does. Null is nothing, and keys are unique. */
export class Decoder {
  readonly mismatches: Mismatch[] = []
  readonly #open = new Set<YamlNode>()
  #throughAliases = 0

  /** The value in this shape; `undefined` for nothing, and for what does not fit. */
  decode(node: YamlNode, shape: Shape): Decoded | undefined {
    if (shape.kind === 'raw') return { kind: 'text', text: this.#follow(node) || node.value, node }
    if (node.kind === 'alias') return this.#throughAlias(node, target => this.decode(target, shape))
    if (isNull(node)) return undefined
    if (node.kind === 'scalar') return this.#decodeScalar(node, shape)
    if (node.kind === 'list') return this.#decodeList(node, shape)
    const known = this.mismatches.length
    this.#demandUniqueKeys(node)
    if (this.mismatches.length > known) return undefined
    if (shape.kind === 'texts') return this.#decodeTexts(node, shape.value)
    return shape.kind === 'map' ? this.#decodeFields(node, shape) : this.#mismatch(node, shape)
  }

  #follow({ kind, target, value }: YamlNode): string {
    return kind === 'alias' && target ? this.#follow(target) : value
  }

  #throughAlias<T>(alias: YamlNode, read: (target: YamlNode) => T): T | undefined {
    const { target, value } = alias
    if (!target) return undefined
    this.#throughAliases += 1
    const message = this.#open.has(target)
      ? `anchor '${value}' value contains itself`
      : this.#throughAliases > MOST_ALIASES
        ? 'document contains excessive aliasing'
        : undefined
    if (message !== undefined) {
      this.mismatches.push({ node: alias, message })
      return undefined
    }
    this.#open.add(target)
    const result = read(target)
    this.#open.delete(target)
    return result
  }

  #decodeScalar(node: YamlNode, shape: Shape): Decoded | undefined {
    const resolved = resolveScalar(node)
    if (!resolved) {
      this.mismatches.push({ node, message: `${quote(node.value)} is not what its tag says` })
      return undefined
    }
    if (shape.kind === 'text') return { kind: 'text', text: textOf(node), node }
    if (shape.kind === 'integer' && isWhole(node.value, resolved)) return { kind: 'text', text: node.value, node }
    return this.#mismatch(node, shape)
  }

  #decodeList(node: YamlNode, shape: Shape): Decoded | undefined {
    if (shape.kind !== 'list') return this.#mismatch(node, shape)
    const items = node.content.flatMap(item => this.decode(item, shape.item) ?? [])
    return { kind: 'list', items, node }
  }

  #demandUniqueKeys({ content }: YamlNode): void {
    const keys = content.filter((_, index) => index % 2 === 0)
    const seen = new Map<string, YamlNode>()
    for (const key of keys) {
      const id = `${key.kind} ${key.value}`
      const first = seen.get(id)
      if (first)
        this.mismatches.push({
          node: key,
          message: `the key ${quote(key.value)} is there twice, first in line ${first.line}`,
        })
      else seen.set(id, key)
    }
  }

  #decodeFields(node: YamlNode, { fields, name }: MapShape): Decoded {
    const found = new Map<string, Decoded>()
    const keys = new Map<string, YamlNode>()
    this.#eachEntry(node, (key, value, isMerged) => {
      const shape = Object.hasOwn(fields, key.text) ? fields[key.text] : undefined
      if (shape === undefined) {
        const message = `${name} has no field ${quote(key.text)}`
        this.mismatches.push({ node: key.key, message, unknown: { field: key.text, of: name } })
      } else if (keys.has(key.text) && !isMerged) {
        this.mismatches.push({ node: key.key, message: `the key ${quote(key.text)} is there twice` })
      } else {
        keys.set(key.text, key.key)
        const decoded = this.decode(value, shape)
        if (decoded) found.set(key.text, decoded)
      }
    })
    return { kind: 'map', fields: found, keys, node }
  }

  #decodeTexts(node: YamlNode, is: string): Decoded {
    const entries = new Map<string, Entry>()
    this.#eachEntry(node, ({ text: name, key }, value) => {
      const decoded = this.decode(value, { kind: 'text', is })
      if (decoded?.kind === 'text') entries.set(name, { text: decoded.text, key, node: value })
      else if (isNull(value) && !entries.has(name)) entries.set(name, { text: '', key, node: value })
    })
    return { kind: 'texts', entries, node }
  }

  /** The entries of a map; then those that `<<` merges into it, unless the map has the key. */
  #eachEntry(
    { content }: YamlNode,
    visit: (key: { readonly text: string; readonly key: YamlNode }, value: YamlNode, isMerged: boolean) => void,
    taken?: Set<string>,
  ): void {
    const own = taken ?? new Set<string>()
    let merged: YamlNode | undefined
    for (let index = 0; index + 1 < content.length; index += 2) {
      const [key, value] = [content[index], content[index + 1]]
      if (!key || !value) continue
      if (isMerge(key)) {
        merged = value
        continue
      }
      const decoded = this.decode(key, { kind: 'text', is: 'a key is text' })
      if (decoded?.kind !== 'text') continue
      const { text } = decoded
      if (taken?.has(text)) continue
      own.add(text)
      visit({ text, key }, value, taken !== undefined)
    }
    if (merged) this.#merge(merged, map => this.#eachEntry(map, visit, own))
  }

  #merge(node: YamlNode, visit: (map: YamlNode) => void): void {
    const maps = node.kind === 'list' ? node.content : [node]
    for (const map of maps) {
      if (map.kind === 'alias') this.#throughAlias(map, target => this.#mergeMap(target, visit))
      else this.#mergeMap(map, visit)
    }
  }

  #mergeMap(node: YamlNode, visit: (map: YamlNode) => void): void {
    if (node.kind !== 'map') this.mismatches.push({ node, message: '`<<` merges a map, or a list of maps' })
    else {
      const known = this.mismatches.length
      this.#demandUniqueKeys(node)
      if (this.mismatches.length === known) visit(node)
    }
  }

  #mismatch(node: YamlNode, { is }: Shape): undefined {
    this.mismatches.push({ node, message: is })
    return undefined
  }
}

function isMerge({ kind, value, tag, plain }: YamlNode): boolean {
  if (kind !== 'scalar' || value !== '<<') return false
  return tag === '' || tag === '!' ? plain : tag === 'tag:yaml.org,2002:merge'
}

/** Go takes a fraction, too, for a whole number of 64 bits. */
function isWhole(text: string, { tag, number = Number.NaN }: Resolved): boolean {
  return (tag === '!!int' || tag === '!!float') && (number < 2 ** 63 || /^-\.inf$/i.test(text))
}

function quote(text: string): string {
  return `\`${text}\``
}
