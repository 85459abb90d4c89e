import { type Cursor, isAlpha, isBlankOrEnd, isBreak, startsPlain } from './cursor.ts'
import { PossibleKeys } from './possible-keys.ts'
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalar.ts'
import { scanDirective, scanTag } from './scan-tag.ts'
import { skipComments, skipLineComment } from './skip-comments.ts'
import { type Mark, type Token, type TokenType, YamlError } from './token.ts'

/** How many tokens libyaml reads ahead. A mistake in a later document counts only as far as it looks. */
const AHEAD = 3
/** Splits a text into the tokens of YAML 1.1, as libyaml does. Throws a `YamlError`. */
export class Scanner {
  readonly #cursor: Cursor
  readonly #queue: Token[] = []
  readonly #indents: number[] = []
  readonly #keys = new PossibleKeys()
  #taken = 0
  #indent = -1
  #flowLevel = 0
  #keyAllowed = true
  #isReady = false

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#keys.enter(0, cursor.mark)
  }

  /** The next token; the last one is the end of the stream. */
  peek(): Token {
    while (!this.#isReady) {
      if (this.#queue.length >= AHEAD && !this.#keys.isWaiting(this.#taken, this.#cursor.mark)) this.#isReady = true
      else this.#fetch()
    }
    const [token] = this.#queue
    if (!token) throw new YamlError('did not find expected node content', this.#cursor.mark)
    return token
  }

  take(): Token {
    const token = this.peek()
    this.#queue.shift()
    this.#taken += 1
    this.#isReady = false
    return token
  }

  #fetch(): void {
    this.#skipToToken()
    const cursor = this.#cursor
    this.#unroll(cursor.column)
    const next = cursor.peek()
    if (next === '') this.#fetchStreamEnd()
    else if (cursor.column === 0 && next === '%') this.#fetchDirective()
    else if (cursor.isAtDocumentMark(['-'])) this.#fetchDocumentMark('document-start')
    else if (cursor.isAtDocumentMark(['.'])) this.#fetchDocumentMark('document-end')
    else {
      this.#chooseFetch(next)()
      if (this.#queue.at(-1)?.type !== 'block-entry') skipLineComment(cursor)
    }
  }

  #chooseFetch(next: string): () => void {
    const isIndicator = this.#flowLevel > 0 || isBlankOrEnd(this.#cursor.peek(1))
    if (next === '[') return () => this.#fetchFlowStart('flow-list')
    if (next === '{') return () => this.#fetchFlowStart('flow-map')
    if (next === ']') return () => this.#fetchFlowEnd('flow-list-end')
    if (next === '}') return () => this.#fetchFlowEnd('flow-map-end')
    if (next === ',') return () => this.#fetchMark('flow-entry', true)
    if (next === '-' && isBlankOrEnd(this.#cursor.peek(1))) return () => this.#fetchBlockEntry()
    if (next === '?' && isIndicator) return () => this.#fetchKey()
    if (next === ':' && isIndicator) return () => this.#fetchValue()
    if (next === '*') return () => this.#fetchName('alias')
    if (next === '&') return () => this.#fetchName('anchor')
    if (next === '!') return () => this.#fetchTag()
    if ((next === '|' || next === '>') && this.#flowLevel === 0) return () => this.#fetchBlockScalar()
    if (next === "'" || next === '"') return () => this.#fetchFlowScalar(() => scanQuotedScalar(this.#cursor), false)
    if (!startsPlain(this.#cursor, isIndicator))
      throw new YamlError('found character that cannot start any token', this.#cursor.mark)
    return () =>
      this.#fetchFlowScalar(() => {
        const { text, endsLine } = scanPlainScalar(this.#cursor, {
          indent: this.#indent + 1,
          inFlow: this.#flowLevel > 0,
        })
        if (endsLine) this.#keyAllowed = true
        return text
      }, true)
  }

  #skipToToken(): void {
    const cursor = this.#cursor
    for (;;) {
      while (cursor.peek() === ' ' || (cursor.peek() === '\t' && (this.#flowLevel > 0 || !this.#keyAllowed)))
        cursor.take()
      if (cursor.peek() === '#') skipComments(cursor)
      if (!isBreak(cursor.peek())) return
      cursor.takeBreak()
      if (this.#flowLevel === 0) this.#keyAllowed = true
    }
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return
    const { mark } = this.#cursor
    const required = this.#flowLevel === 0 && this.#indent === mark.column
    this.#keys.save({ possible: true, required, number: this.#taken + this.#queue.length, mark })
  }

  #roll(column: number, type: TokenType, mark: Mark, number?: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    this.#add(type, mark, mark, {}, number)
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return
    const { mark } = this.#cursor
    while (this.#indent > column) {
      this.#add('block-end', mark, mark)
      this.#indent = this.#indents.pop() ?? -1
    }
  }

  #add(
    type: TokenType,
    start: Mark,
    end: Mark = this.#cursor.mark,
    more: Partial<Pick<Token, 'value' | 'suffix' | 'plain'>> = {},
    number?: number,
  ): void {
    const at = number === undefined || number < this.#taken ? this.#queue.length : number - this.#taken
    this.#queue.splice(at, 0, { type, start, end, value: '', suffix: '', plain: false, ...more })
  }

  /** Takes a mark of some characters. */
  #addMark(type: TokenType, length = 1): void {
    const start = this.#cursor.mark
    for (let taken = 0; taken < length; taken += 1) this.#cursor.take()
    this.#add(type, start)
  }

  #fetchStreamEnd(): void {
    this.#cursor.endLine()
    this.#unroll(-1)
    this.#keys.remove()
    this.#keyAllowed = false
    this.#add('stream-end', this.#cursor.mark)
  }

  #fetchDirective(): void {
    this.#unroll(-1)
    this.#keys.remove()
    this.#keyAllowed = false
    const start = this.#cursor.mark
    const { type, value, suffix } = scanDirective(this.#cursor)
    this.#add(type, start, this.#cursor.mark, { value, suffix })
  }

  #fetchDocumentMark(type: TokenType): void {
    this.#unroll(-1)
    this.#fetchMark(type, false, 3)
  }

  #fetchFlowStart(type: TokenType): void {
    this.#saveKey()
    this.#keys.enter(this.#taken + this.#queue.length, this.#cursor.mark)
    this.#flowLevel += 1
    this.#keyAllowed = true
    this.#addMark(type)
  }

  #fetchFlowEnd(type: TokenType): void {
    this.#keys.remove()
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1
      this.#keys.leave()
    }
    this.#keyAllowed = false
    this.#addMark(type)
  }

  #fetchBlockEntry(): void {
    this.#rollHere('block-list', 'block sequence entries are not allowed in this context')
    this.#fetchMark('block-entry', true)
  }

  #fetchMark(type: TokenType, keyAllowed: boolean, length = 1): void {
    this.#keys.remove()
    this.#keyAllowed = keyAllowed
    this.#addMark(type, length)
  }

  #fetchKey(): void {
    this.#rollHere('block-map', 'mapping keys are not allowed in this context')
    this.#fetchMark('key', this.#flowLevel === 0)
  }

  #fetchValue(): void {
    const key = this.#keys.take(this.#cursor.mark)
    if (key) {
      this.#add('key', key.mark, key.mark, {}, key.number)
      this.#roll(key.mark.column, 'block-map', key.mark, key.number)
      this.#keyAllowed = false
    } else {
      this.#rollHere('block-map', 'mapping values are not allowed in this context')
      this.#keyAllowed = this.#flowLevel === 0
    }
    this.#addMark('value')
  }

  #rollHere(type: TokenType, message: string): void {
    if (this.#flowLevel > 0) return
    const { mark } = this.#cursor
    if (!this.#keyAllowed) throw new YamlError(message, mark)
    this.#roll(mark.column, type, mark)
  }

  #fetchName(type: 'alias' | 'anchor'): void {
    this.#saveKey()
    this.#keyAllowed = false
    const start = this.#cursor.mark
    this.#cursor.take()
    const value = this.#cursor.takeWhile(isAlpha)
    const next = this.#cursor.peek()
    if (value === '' || !(isBlankOrEnd(next) || '?:,]}%@`'.includes(next)))
      throw new YamlError('did not find expected alphabetic or numeric character', start)
    this.#add(type, start, this.#cursor.mark, { value })
  }

  #fetchTag(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const start = this.#cursor.mark
    const { handle, suffix } = scanTag(this.#cursor)
    this.#add('tag', start, this.#cursor.mark, { value: handle, suffix })
  }

  #fetchBlockScalar(): void {
    this.#keys.remove()
    this.#keyAllowed = true
    const start = this.#cursor.mark
    const value = scanBlockScalar(this.#cursor, this.#indent)
    this.#add('scalar', start, this.#cursor.mark, { value })
  }

  #fetchFlowScalar(scan: () => string, plain: boolean): void {
    this.#saveKey()
    this.#keyAllowed = false
    const start = this.#cursor.mark
    const value = scan()
    this.#add('scalar', start, this.#cursor.mark, { value, plain })
  }
}
