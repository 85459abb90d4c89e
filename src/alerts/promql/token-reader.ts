import { parsePrometheusDuration } from '../prometheus-duration.ts'
import { PromError, type PromToken } from './lex.ts'
import type { Matcher } from './matchers.ts'

/** Reads tokens one after the other, and what is made of a few of them. */
export class TokenReader {
  /** What Prometheus 2.42 does not know. */
  readonly newer: string[]
  readonly #tokens: readonly PromToken[]
  #next = 0

  constructor(tokens: readonly PromToken[], newer: string[]) {
    this.#tokens = tokens
    this.newer = newer
  }

  peek(ahead = 0): PromToken {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? { type: 'end', text: '', at: 0 }
  }

  take(): PromToken {
    const token = this.peek()
    this.#next += 1
    return token
  }

  isMark(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.type === 'mark' && token.text === text
  }

  keyword(ahead = 0): string | undefined {
    const { type, text } = this.peek(ahead)
    return type === 'word' ? text.toLowerCase() : undefined
  }

  expectMark(text: string): PromToken {
    if (!this.isMark(text)) this.unexpected()
    return this.take()
  }

  unexpected(): never {
    const { type, text, at } = this.peek()
    throw new PromError(type === 'end' ? 'unexpected end of input' : `unexpected ${JSON.stringify(text)}`, at)
  }

  readLabels(): readonly string[] {
    this.expectMark('(')
    const labels: string[] = []
    while (!this.isMark(')')) {
      const { type, text } = this.peek()
      const isLabel = type === 'word' && !text.includes(':') && !/^(?:inf|nan)$/i.test(text)
      if (!isLabel) this.unexpected()
      this.take()
      labels.push(text)
      if (!this.isMark(')')) this.expectMark(',')
    }
    this.take()
    return labels
  }

  readNumber(): number {
    const { type, text, at } = this.peek()
    if (type === 'word' && /^(?:inf|nan)$/i.test(text)) {
      this.take()
      return text.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
    }
    if (type !== 'number') this.unexpected()
    this.take()
    const value = /^0\d*$/.test(text) ? Number.parseInt(text, 10) : Number(text)
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) throw new PromError(`bad number: ${text}`, at)
    return value
  }

  readDuration(): void {
    const { type, text, at } = this.peek()
    if (type === 'number') {
      this.newer.push('a duration without a unit')
      this.take()
      return
    }
    if (type !== 'duration') this.unexpected()
    this.take()
    if (parsePrometheusDuration(text) === undefined) throw new PromError(`bad duration: ${text}`, at)
    if (/^[0a-z]*$/.test(text)) throw new PromError('a duration must be greater than 0', at)
  }

  /** A matcher; or the name of a metric in quotes, which newer versions take. */
  readMatcher(): Matcher | string {
    const label = this.peek()
    if (label.type !== 'word' && label.type !== 'string') this.unexpected()
    this.take()
    const { type, text: operator } = this.peek()
    if (label.type === 'string') {
      this.newer.push('a name in quotes')
      if (operator === ',' || operator === '}') return label.text
    }
    if (type !== 'mark' || !['=', '!=', '=~', '!~'].includes(operator)) this.unexpected()
    this.take()
    if (this.peek().type !== 'string') this.unexpected()
    return { label: label.text, operator, value: this.take().text }
  }
}
