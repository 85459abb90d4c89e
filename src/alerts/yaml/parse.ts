import { Cursor } from './cursor.ts'
import { Scanner } from './scanner.ts'
import { type Mark, type Token, type TokenType, YamlError } from './token.ts'

/** A value in YAML, and where it begins; line and column from 1. */
export interface YamlNode {
  readonly kind: 'scalar' | 'list' | 'map' | 'alias'
  /** As written, with the long form of `!!`; empty when it has none. */
  readonly tag: string
  /** The text of a scalar, the anchor's name of an alias. */
  readonly value: string
  /** Whether a scalar is bare, without quotes, `|` or `>`. */
  readonly plain: boolean
  /** The items of a list; keys and values of a map, by turns. */
  readonly content: readonly YamlNode[]
  readonly line: number
  readonly column: number
  /** What an alias stands for. */
  readonly target?: YamlNode
}

/** Deeper nesting is refused; no file of people has it. */
const DEEPEST = 500
const DIRECTIVES: readonly TokenType[] = ['version', 'tag-directive']
const DEFAULT_TAGS = { '!': '!', '!!': 'tag:yaml.org,2002:' }

/** Reads the documents of a YAML text as libyaml does, one at a time: a later one may be broken. */
export class YamlParser {
  readonly #scanner: Scanner
  readonly #anchors = new Map<string, YamlNode>()
  #tags = new Map<string, string>()
  #isFirst = true
  #depth = 0

  constructor(text: string) {
    this.#scanner = new Scanner(new Cursor(text))
  }

  /** The next document; `undefined` at the end of the text. Throws a `YamlError`. */
  next(): YamlNode | undefined {
    const scanner = this.#scanner
    if (!this.#isFirst) while (scanner.peek().type === 'document-end') scanner.take()
    const token = scanner.peek()
    if (token.type === 'stream-end') return undefined
    const isBare = this.#isFirst && token.type !== 'document-start' && !DIRECTIVES.includes(token.type)
    this.#readDirectives()
    if (!isBare) this.#expect('document-start', 'did not find expected <document start>')
    this.#isFirst = false
    this.#anchors.clear()
    const { type, start } = scanner.peek()
    const isEmpty = !isBare && ['document-start', 'document-end', 'stream-end', ...DIRECTIVES].includes(type)
    const node = isEmpty ? empty(start) : this.#readNode({ block: true, indentless: false })
    if (scanner.peek().type === 'document-end') scanner.take()
    return node
  }

  #expect(type: TokenType, message: string): Token {
    const token = this.#scanner.peek()
    if (token.type !== type) throw new YamlError(message, token.start)
    return this.#scanner.take()
  }

  #readDirectives(): void {
    this.#tags = new Map()
    let hasVersion = false
    while (DIRECTIVES.includes(this.#scanner.peek().type)) {
      const { type, value, suffix, start } = this.#scanner.take()
      if (type === 'version') {
        if (hasVersion) throw new YamlError('found duplicate %YAML directive', start)
        if (value !== '1.1') throw new YamlError('found incompatible YAML document', start)
        hasVersion = true
      } else {
        if (this.#tags.has(value)) throw new YamlError('found duplicate %TAG directive', start)
        this.#tags.set(value, suffix)
      }
    }
    for (const [handle, prefix] of Object.entries(DEFAULT_TAGS))
      if (!this.#tags.has(handle)) this.#tags.set(handle, prefix)
  }

  #readNode(where: { readonly block: boolean; readonly indentless: boolean }): YamlNode {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw new YamlError(`exceeded max depth of ${DEEPEST}`, this.#scanner.peek().start)
    const node = this.#readAnyNode(where)
    this.#depth -= 1
    return node
  }

  #readAnyNode({ block, indentless }: { readonly block: boolean; readonly indentless: boolean }): YamlNode {
    const scanner = this.#scanner
    const first = scanner.peek()
    if (first.type === 'alias') return this.#readAlias()
    const { tag, anchor } = this.#readProperties()
    const { type, start, value, plain } = scanner.peek()
    const place = tag !== '' || anchor !== undefined ? first.start : start
    const finish = (kind: YamlNode['kind'], content: readonly YamlNode[], more: Partial<YamlNode> = {}): YamlNode => {
      const node = { ...empty(place), kind, tag, content, ...more }
      if (anchor !== undefined) this.#anchors.set(anchor, node)
      return node
    }
    // A collection is known by its anchor from its beginning: an alias in it may name it.
    const collect = (kind: 'list' | 'map', read: (content: YamlNode[]) => void): YamlNode => {
      const content: YamlNode[] = []
      const node = finish(kind, content)
      read(content)
      return node
    }
    if (indentless && type === 'block-entry') return collect('list', content => this.#readIndentless(content))
    if (type === 'scalar') {
      scanner.take()
      return finish('scalar', [], { value, plain })
    }
    if (type === 'flow-list') return collect('list', content => this.#readFlowList(content))
    if (type === 'flow-map') return collect('map', content => this.#readFlowMap(content))
    if (block && type === 'block-list') return collect('list', content => this.#readBlockList(content))
    if (block && type === 'block-map') return collect('map', content => this.#readBlockMap(content))
    if (tag === '' && anchor === undefined) throw new YamlError('did not find expected node content', start)
    return finish('scalar', [])
  }

  #readAlias(): YamlNode {
    const { value, start } = this.#scanner.take()
    const target = this.#anchors.get(value)
    if (!target) throw new YamlError(`unknown anchor '${value}' referenced`, start)
    return { ...empty(start), kind: 'alias', value, plain: false, target }
  }

  /** An anchor and a tag, each at most once, in any order. */
  #readProperties(): { readonly tag: string; readonly anchor?: string } {
    const found: Token[] = []
    for (let wanted: TokenType[] = ['anchor', 'tag']; wanted.includes(this.#scanner.peek().type); ) {
      const token = this.#scanner.take()
      wanted = wanted.filter(type => type !== token.type)
      found.push(token)
    }
    const anchor = found.find(({ type }) => type === 'anchor')?.value
    const token = found.find(({ type }) => type === 'tag')
    const tag = token ? this.#resolveTag(token) : ''
    return anchor === undefined ? { tag } : { tag, anchor }
  }

  #resolveTag({ value: handle, suffix, start }: Token): string {
    if (handle === '') return suffix
    const prefix = this.#tags.get(handle)
    if (prefix === undefined) throw new YamlError('found undefined tag handle', start)
    return prefix + suffix
  }

  #readBlockList(content: YamlNode[]): void {
    const scanner = this.#scanner
    scanner.take()
    while (scanner.peek().type === 'block-entry') content.push(this.#readItem(['block-entry', 'block-end']))
    this.#expect('block-end', "did not find expected '-' indicator")
  }

  #readIndentless(content: YamlNode[]): void {
    while (this.#scanner.peek().type === 'block-entry')
      content.push(this.#readItem(['block-entry', 'key', 'value', 'block-end']))
  }

  #readItem(ends: readonly TokenType[]): YamlNode {
    const { end } = this.#scanner.take()
    if (ends.includes(this.#scanner.peek().type)) return empty(end)
    return this.#readNode({ block: true, indentless: false })
  }

  #readBlockMap(content: YamlNode[]): void {
    const scanner = this.#scanner
    scanner.take()
    while (scanner.peek().type === 'key') content.push(this.#readEntry(), this.#readBlockValue())
    this.#expect('block-end', 'did not find expected key')
  }

  #readBlockValue(): YamlNode {
    const { type, start } = this.#scanner.peek()
    return type === 'value' ? this.#readEntry() : empty(start)
  }

  /** What follows a `?` or a `:` in a block. */
  #readEntry(): YamlNode {
    const { end } = this.#scanner.take()
    if (['key', 'value', 'block-end'].includes(this.#scanner.peek().type)) return empty(end)
    return this.#readNode({ block: true, indentless: true })
  }

  #readFlowList(content: YamlNode[]): void {
    const scanner = this.#scanner
    this.#readFlow('flow-list-end', "did not find expected ',' or ']'", () => {
      if (scanner.peek().type !== 'key') {
        content.push(this.#readNode({ block: false, indentless: false }))
        return
      }
      const { start } = scanner.take()
      const ends: TokenType[] = ['value', 'flow-entry', 'flow-list-end']
      const next = scanner.peek()
      // libyaml takes the token that is no key, whatever it is.
      const key = ends.includes(next.type) ? empty(scanner.take().end) : this.#readNode(FLOW)
      const entry = [key, this.#readFlowValue(['flow-entry', 'flow-list-end'])]
      content.push({ ...empty(start), kind: 'map', plain: false, content: entry })
    })
  }

  #readFlowMap(content: YamlNode[]): void {
    const scanner = this.#scanner
    this.#readFlow('flow-map-end', "did not find expected ',' or '}'", () => {
      if (scanner.peek().type !== 'key') {
        content.push(this.#readNode(FLOW), empty(scanner.peek().start))
        return
      }
      scanner.take()
      const { type, start } = scanner.peek()
      const isEmpty = ['value', 'flow-entry', 'flow-map-end'].includes(type)
      content.push(isEmpty ? empty(start) : this.#readNode(FLOW), this.#readFlowValue(['flow-entry', 'flow-map-end']))
    })
  }

  #readFlow(end: TokenType, message: string, readEntry: () => void): void {
    const scanner = this.#scanner
    scanner.take()
    for (let isFirst = true; scanner.peek().type !== end; isFirst = false) {
      if (!isFirst) this.#expect('flow-entry', message)
      if (scanner.peek().type === end) break
      readEntry()
    }
    scanner.take()
  }

  #readFlowValue(ends: readonly TokenType[]): YamlNode {
    const scanner = this.#scanner
    if (scanner.peek().type === 'value') {
      scanner.take()
      if (!ends.includes(scanner.peek().type)) return this.#readNode(FLOW)
    }
    return empty(scanner.peek().start)
  }
}

const FLOW = { block: false, indentless: false }

function empty({ line, column }: Mark): YamlNode {
  return { kind: 'scalar', tag: '', value: '', plain: true, content: [], line: line + 1, column: column + 1 }
}
