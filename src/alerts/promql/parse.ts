import { parsePrometheusDuration } from '../prometheus-duration.ts'
import {
  AGGREGATIONS,
  FUNCTIONS,
  NEWER_AGGREGATIONS,
  NEWER_FUNCTIONS,
  type PromFunction,
  type PromType,
} from './functions.ts'
import { lexPromql, PromError, type PromToken } from './lex.ts'
import { judgeMatchers, type Matcher } from './matchers.ts'

/** What is wrong with an expression, with its offset, or what it has that Prometheus 2.42 does not know. */
export interface PromVerdict {
  readonly error?: { readonly message: string; readonly at: number }
  readonly newer: readonly string[]
}

/** Reads an expression as Prometheus does, types included. */
export function judgePromql(text: string): PromVerdict {
  const newer: string[] = []
  try {
    new PromParser(lexPromql(text), newer).readAll()
    return { newer }
  } catch (error) {
    if (!(error instanceof PromError)) throw error
    return { newer, error: { message: error.message, at: error.at } }
  }
}

/** An expression that was read: its type, and what may still follow it. */
interface Expression {
  readonly type: PromType
  readonly is: 'selector' | 'range' | 'subquery' | 'other'
  readonly offset?: boolean
  readonly time?: boolean
}

const LEVELS: Readonly<Record<string, number>> = {
  or: 1, and: 2, unless: 2, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6,
} // biome-ignore format: a table
const UNARY = 5
const POWER = 6
const SETS = ['and', 'or', 'unless']
/** Words that are never the name of a metric. */
const NO_METRIC = ['bool', 'on', 'ignoring', 'group_left', 'group_right', 'atan2', 'inf', 'nan']
const DEEPEST = 400

class PromParser {
  readonly #tokens: readonly PromToken[]
  readonly #newer: string[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly PromToken[], newer: string[]) {
    this.#tokens = tokens
    this.#newer = newer
  }

  readAll(): void {
    if (this.#peek().type === 'end') throw new PromError('no expression found in input', 0)
    this.#readBinary(0)
    if (this.#peek().type !== 'end') this.#unexpected()
  }

  #peek(ahead = 0): PromToken {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? { type: 'end', text: '', at: 0 }
  }

  #take(): PromToken {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #isMark(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead)
    return token.type === 'mark' && token.text === text
  }

  #keyword(ahead = 0): string | undefined {
    const { type, text } = this.#peek(ahead)
    return type === 'word' ? text.toLowerCase() : undefined
  }

  #expectMark(text: string): PromToken {
    if (!this.#isMark(text)) this.#unexpected()
    return this.#take()
  }

  #unexpected(): never {
    const { type, text, at } = this.#peek()
    throw new PromError(type === 'end' ? 'unexpected end of input' : `unexpected ${JSON.stringify(text)}`, at)
  }

  #operator(): string | undefined {
    const { type, text } = this.#peek()
    const name = text.toLowerCase()
    return (type === 'mark' || type === 'word') && Object.hasOwn(LEVELS, name) ? name : undefined
  }

  /** Binary operators of at least this level, as the table of precedence has it. */
  #readBinary(level: number): Expression {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw new PromError('it is nested too deep', this.#peek().at)
    let left = this.#readUnary()
    for (;;) {
      const operator = this.#operator()
      const own = operator === undefined ? 0 : (LEVELS[operator] ?? 0)
      if (operator === undefined || own < level || own === 0) break
      const { at } = this.#take()
      const matching = this.#readMatching(operator, at)
      const right = this.#readBinary(own === POWER ? own : own + 1)
      left = joinTypes(operator, left, right, matching, at)
    }
    this.#depth -= 1
    return left
  }

  #readUnary(): Expression {
    if (!this.#isMark('-') && !this.#isMark('+')) return this.#readPostfix()
    const { at } = this.#take()
    const operand = this.#readBinary(UNARY + 1)
    if (operand.type !== 'scalar' && operand.type !== 'vector')
      throw new PromError(`a sign stands before a scalar or an instant vector, not before ${nameOf(operand.type)}`, at)
    return { type: operand.type, is: 'other' }
  }

  #readMatching(operator: string, at: number): Matching {
    const isBool = this.#keyword() === 'bool'
    if (isBool) this.#take()
    if (isBool && (LEVELS[operator] ?? 0) !== 3) throw new PromError('bool stands behind a comparison only', at)
    const word = this.#keyword()
    // A metric may be called `on` in newer versions only.
    if (word !== 'on' && word !== 'ignoring') return { isBool, labels: [], group: false }
    this.#take()
    const labels = this.#readLabels()
    const group = this.#keyword()
    if (group !== 'group_left' && group !== 'group_right') return { isBool, labels, group: false }
    this.#take()
    const include = this.#isMark('(') ? this.#readLabels() : []
    const twice = word === 'on' ? include.find(label => labels.includes(label)) : undefined
    if (twice !== undefined) throw new PromError(`the label ${twice} must not be in ON and GROUP at once`, at)
    return { isBool, labels, group: true }
  }

  #readLabels(): readonly string[] {
    this.#expectMark('(')
    const labels: string[] = []
    while (!this.#isMark(')')) {
      const { type, text } = this.#peek()
      const isLabel = type === 'word' && !text.includes(':') && !/^(?:inf|nan)$/i.test(text)
      if (!isLabel) this.#unexpected()
      this.#take()
      labels.push(text)
      if (!this.#isMark(')')) this.#expectMark(',')
    }
    this.#take()
    return labels
  }

  #readPostfix(): Expression {
    let expression = this.#readPrimary()
    for (;;) {
      if (this.#isMark('[')) expression = this.#readRange(expression)
      else if (this.#keyword() === 'offset') expression = this.#readOffset(expression)
      else if (this.#isMark('@')) expression = this.#readTime(expression)
      else return expression
    }
  }

  #readRange({ type, is, offset, time }: Expression): Expression {
    const { at } = this.#take()
    if (this.#isMark('[')) this.#unexpected()
    this.#readDuration()
    if (this.#isMark(':')) {
      this.#take()
      if (!this.#isMark(']')) this.#readDuration()
      this.#expectMark(']')
      if (type !== 'vector') throw new PromError(`a subquery is of an instant vector, not of ${nameOf(type)}`, at)
      return { type: 'matrix', is: 'subquery' }
    }
    this.#expectMark(']')
    if (is !== 'selector') throw new PromError('ranges only allowed for vector selectors', at)
    if (offset) throw new PromError('no offset modifiers allowed before range', at)
    if (time) throw new PromError('no @ modifiers allowed before range', at)
    return { type: 'matrix', is: 'range' }
  }

  #readOffset(expression: Expression): Expression {
    const { at } = this.#take()
    if (this.#isMark('-')) this.#take()
    this.#readDuration()
    if (expression.is === 'other') throw new PromError('offset must follow a selector or a subquery', at)
    if (expression.offset) throw new PromError('offset may not be set multiple times', at)
    return { ...expression, offset: true }
  }

  #readTime(expression: Expression): Expression {
    const { at } = this.#take()
    const word = this.#keyword()
    if (word === 'start' || word === 'end') {
      this.#take()
      this.#expectMark('(')
      this.#expectMark(')')
    } else {
      if (this.#isMark('-') || this.#isMark('+')) this.#take()
      const value = this.#readNumber()
      if (!(Math.abs(value) * 1000 <= 2 ** 63)) throw new PromError('the time behind @ is out of bounds', at)
    }
    if (expression.is === 'other') throw new PromError('@ must follow a selector or a subquery', at)
    if (expression.time) throw new PromError('@ <timestamp> may not be set multiple times', at)
    return { ...expression, time: true }
  }

  #readNumber(): number {
    const { type, text, at } = this.#peek()
    if (type === 'word' && /^(?:inf|nan)$/i.test(text)) {
      this.#take()
      return text.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
    }
    if (type !== 'number') this.#unexpected()
    this.#take()
    const value = /^0\d*$/.test(text) ? Number.parseInt(text, 10) : Number(text)
    if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) throw new PromError(`bad number: ${text}`, at)
    return value
  }

  #readDuration(): void {
    const { type, text, at } = this.#peek()
    if (type === 'number') {
      this.#newer.push('a duration without a unit')
      this.#take()
      return
    }
    if (type !== 'duration') this.#unexpected()
    this.#take()
    if (parsePrometheusDuration(text) === undefined) throw new PromError(`bad duration: ${text}`, at)
    if (/^[0a-z]*$/.test(text)) throw new PromError('a duration must be greater than 0', at)
  }

  #readPrimary(): Expression {
    const { type, text, at } = this.#peek()
    const word = this.#keyword()
    if (type === 'string') {
      this.#take()
      return { type: 'string', is: 'other' }
    }
    if (type === 'number' || word === 'inf' || word === 'nan') {
      this.#readNumber()
      return { type: 'scalar', is: 'other' }
    }
    if (this.#isMark('(')) {
      this.#take()
      const inner = this.#readBinary(0)
      this.#expectMark(')')
      return { type: inner.type, is: 'other' }
    }
    if (this.#isMark('{')) return this.#readSelector(undefined, at)
    if (word === undefined) return this.#unexpected()
    const aggregation = this.#findAggregation(word)
    if (aggregation) return this.#readAggregation(word, aggregation.parameter)
    const isKeyword = Object.hasOwn(LEVELS, word) || NO_METRIC.includes(word) || KEYWORDS.includes(word)
    if (this.#isMark('(', 1) && !isKeyword && !text.includes(':')) return this.#readCall(text)
    if (NO_METRIC.includes(word)) return this.#unexpected()
    this.#take()
    return this.#readSelector(text, at)
  }

  #findAggregation(word: string): { readonly parameter: PromType | undefined } | undefined {
    if (!this.#isMark('(', 1) && this.#keyword(1) !== 'by' && this.#keyword(1) !== 'without') return undefined
    if (AGGREGATIONS.has(word)) return { parameter: AGGREGATIONS.get(word) }
    if (!NEWER_AGGREGATIONS.has(word)) return undefined
    this.#newer.push(`the aggregation ${word}`)
    return { parameter: NEWER_AGGREGATIONS.get(word) }
  }

  #readAggregation(name: string, parameter: PromType | undefined): Expression {
    const { at } = this.#take()
    const isGrouped = () => this.#keyword() === 'by' || this.#keyword() === 'without'
    const readGroup = () => {
      this.#take()
      this.#readLabels()
    }
    const isBefore = isGrouped()
    if (isBefore) readGroup()
    const given = this.#readArguments()
    if (!isBefore && isGrouped()) readGroup()
    const wanted: readonly PromType[] = parameter === undefined ? ['vector'] : [parameter, 'vector']
    if (given.length !== wanted.length)
      throw new PromError(`${name} takes ${wanted.length} arguments, not ${given.length}`, at)
    demandTypes(name, given, wanted, at)
    return { type: 'vector', is: 'other' }
  }

  #readArguments(): readonly PromType[] {
    this.#expectMark('(')
    const given: PromType[] = []
    if (!this.#isMark(')')) {
      given.push(this.#readBinary(0).type)
      while (this.#isMark(',')) {
        this.#take()
        given.push(this.#readBinary(0).type)
      }
    }
    this.#expectMark(')')
    return given
  }

  #readCall(name: string): Expression {
    const { at } = this.#take()
    const found = this.#findFunction(name, at)
    const given = this.#readArguments()
    const least = found.takes.length - (found.more > 0 ? 1 : 0)
    const most = found.more > 0 ? least + found.more : least
    if (given.length < least || given.length > most)
      throw new PromError(
        `${name} takes ${least === most ? '' : 'at least '}${least} arguments, not ${given.length}`,
        at,
      )
    demandTypes(name, given, found.takes, at)
    return { type: found.gives, is: 'other' }
  }

  #findFunction(name: string, at: number): PromFunction {
    const known = FUNCTIONS.get(name)
    if (known) return known
    const newer = NEWER_FUNCTIONS.get(name)
    if (!newer) throw new PromError(`there is no function ${name}`, at)
    this.#newer.push(`the function ${name}`)
    return newer
  }

  #readSelector(name: string | undefined, at: number): Expression {
    const matchers: Matcher[] = []
    let metric = name
    if (this.#isMark('{')) {
      this.#take()
      while (!this.#isMark('}')) {
        const found = this.#readMatcher()
        if (typeof found === 'string') metric = found
        else matchers.push(found)
        if (!this.#isMark('}')) this.#expectMark(',')
      }
      this.#take()
    }
    const wrong = judgeMatchers(metric, matchers)
    if (wrong !== undefined) throw new PromError(wrong, at)
    return { type: 'vector', is: 'selector' }
  }

  /** A matcher; or the name of a metric in quotes, which newer versions take. */
  #readMatcher(): Matcher | string {
    const label = this.#peek()
    if (label.type !== 'word' && label.type !== 'string') this.#unexpected()
    this.#take()
    const { type, text: operator } = this.#peek()
    if (label.type === 'string') {
      this.#newer.push('a name in quotes')
      if (operator === ',' || operator === '}') return label.text
    }
    if (type !== 'mark' || !['=', '!=', '=~', '!~'].includes(operator)) this.#unexpected()
    this.#take()
    if (this.#peek().type !== 'string') this.#unexpected()
    return { label: label.text, operator, value: this.#take().text }
  }
}

interface Matching {
  readonly isBool: boolean
  readonly labels: readonly string[]
  readonly group: boolean
}

/** Words with a meaning of their own, that can be the name of a metric and of no function. */
const KEYWORDS = ['offset', 'by', 'without', 'start', 'end']

function joinTypes(operator: string, left: Expression, right: Expression, matching: Matching, at: number): Expression {
  const types = [left.type, right.type]
  const wrong = types.find(type => type !== 'scalar' && type !== 'vector')
  if (wrong) throw new PromError(`${operator} is for scalars and instant vectors, not for ${nameOf(wrong)}`, at)
  const isComparison = LEVELS[operator] === 3
  const scalars = types.filter(type => type === 'scalar').length
  if (isComparison && scalars === 2 && !matching.isBool)
    throw new PromError('comparisons between scalars must use bool', at)
  if (scalars > 0 && matching.labels.length > 0)
    throw new PromError('vector matching only allowed between instant vectors', at)
  if (scalars > 0 && SETS.includes(operator)) throw new PromError(`${operator} is not for scalars`, at)
  if (scalars === 0 && SETS.includes(operator) && matching.group)
    throw new PromError(`no grouping allowed for ${operator}`, at)
  return { type: scalars === 2 ? 'scalar' : 'vector', is: 'other' }
}

function demandTypes(name: string, given: readonly PromType[], takes: readonly PromType[], at: number): void {
  for (const [index, type] of given.entries()) {
    const wanted = takes[Math.min(index, takes.length - 1)]
    if (wanted !== undefined && type !== wanted)
      throw new PromError(`${name} expects ${nameOf(wanted)}, not ${nameOf(type)}`, at)
  }
}

function nameOf(type: PromType): string {
  if (type === 'vector') return 'an instant vector'
  return type === 'matrix' ? 'a range vector' : `a ${type}`
}
