import { countOf } from '../../base/index.ts'
import { findAggregation, findFunction, type PromType } from './functions.ts'
import { lexPromql, PromError } from './lex.ts'
import { judgeMatchers, type Matcher } from './matchers.ts'
import { TokenReader } from './token-reader.ts'
import { demandTypes, type Expression, joinTypes, LEVELS, type Matching, nameOf } from './types.ts'

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

const UNARY = 5
const POWER = 6
/** Words that are never the name of a metric. */
const NO_METRIC = ['bool', 'on', 'ignoring', 'group_left', 'group_right', 'atan2', 'inf', 'nan']
const DEEPEST = 400

class PromParser extends TokenReader {
  #depth = 0

  readAll(): void {
    if (this.peek().type === 'end') throw new PromError('no expression found in input', 0)
    this.#readBinary(0)
    if (this.peek().type !== 'end') this.unexpected()
  }

  #operator(): string | undefined {
    const { type, text } = this.peek()
    const name = text.toLowerCase()
    return (type === 'mark' || type === 'word') && Object.hasOwn(LEVELS, name) ? name : undefined
  }

  /** Binary operators of at least this level, as the table of precedence has it. */
  #readBinary(level: number): Expression {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw new PromError('it is nested too deep', this.peek().at)
    let left = this.#readUnary()
    for (;;) {
      const operator = this.#operator()
      const own = operator === undefined ? 0 : (LEVELS[operator] ?? 0)
      if (operator === undefined || own < level || own === 0) break
      const { at } = this.take()
      const matching = this.#readMatching(operator, at)
      const right = this.#readBinary(own === POWER ? own : own + 1)
      left = joinTypes(operator, left, right, matching, at)
    }
    this.#depth -= 1
    return left
  }

  #readUnary(): Expression {
    if (!this.isMark('-') && !this.isMark('+')) return this.#readPostfix()
    const { at } = this.take()
    const operand = this.#readBinary(UNARY + 1)
    if (operand.type !== 'scalar' && operand.type !== 'vector')
      throw new PromError(`a sign stands before a scalar or an instant vector, not before ${nameOf(operand.type)}`, at)
    return { type: operand.type, is: 'other' }
  }

  #readMatching(operator: string, at: number): Matching {
    const isBool = this.keyword() === 'bool'
    if (isBool) this.take()
    if (isBool && (LEVELS[operator] ?? 0) !== 3) throw new PromError('bool stands behind a comparison only', at)
    const word = this.keyword()
    // A metric may be called `on` in newer versions only.
    if (word !== 'on' && word !== 'ignoring') return { isBool, labels: [], group: false }
    this.take()
    const labels = this.readLabels()
    const group = this.keyword()
    if (group !== 'group_left' && group !== 'group_right') return { isBool, labels, group: false }
    this.take()
    const include = this.isMark('(') ? this.readLabels() : []
    const twice = word === 'on' ? include.find(label => labels.includes(label)) : undefined
    if (twice !== undefined) throw new PromError(`the label ${twice} must not be in ON and GROUP at once`, at)
    return { isBool, labels, group: true }
  }

  #readPostfix(): Expression {
    let expression = this.#readPrimary()
    for (;;) {
      if (this.isMark('[')) expression = this.#readRange(expression)
      else if (this.keyword() === 'offset') expression = this.#readOffset(expression)
      else if (this.isMark('@')) expression = this.#readTime(expression)
      else return expression
    }
  }

  #readRange({ type, is, offset, time }: Expression): Expression {
    const { at } = this.take()
    if (this.isMark('[')) this.unexpected()
    this.readDuration()
    if (this.isMark(':')) {
      this.take()
      if (!this.isMark(']')) this.readDuration()
      this.expectMark(']')
      if (type !== 'vector') throw new PromError(`a subquery is of an instant vector, not of ${nameOf(type)}`, at)
      return { type: 'matrix', is: 'subquery' }
    }
    this.expectMark(']')
    if (is !== 'selector') throw new PromError('ranges only allowed for vector selectors', at)
    if (offset) throw new PromError('no offset modifiers allowed before range', at)
    if (time) throw new PromError('no @ modifiers allowed before range', at)
    return { type: 'matrix', is: 'range' }
  }

  #readOffset(expression: Expression): Expression {
    const { at } = this.take()
    if (this.isMark('-')) this.take()
    this.readDuration()
    if (expression.is === 'other') throw new PromError('offset must follow a selector or a subquery', at)
    if (expression.offset) throw new PromError('offset may not be set multiple times', at)
    return { ...expression, offset: true }
  }

  #readTime(expression: Expression): Expression {
    const { at } = this.take()
    const word = this.keyword()
    if (word === 'start' || word === 'end') {
      this.take()
      this.expectMark('(')
      this.expectMark(')')
    } else {
      if (this.isMark('-') || this.isMark('+')) this.take()
      const value = this.readNumber()
      if (!(Math.abs(value) * 1000 <= 2 ** 63)) throw new PromError('the time behind @ is out of bounds', at)
    }
    if (expression.is === 'other') throw new PromError('@ must follow a selector or a subquery', at)
    if (expression.time) throw new PromError('@ <timestamp> may not be set multiple times', at)
    return { ...expression, time: true }
  }

  #readPrimary(): Expression {
    const { type, text, at } = this.peek()
    const word = this.keyword()
    if (type === 'string') {
      this.take()
      return { type: 'string', is: 'other' }
    }
    if (type === 'number' || word === 'inf' || word === 'nan') {
      this.readNumber()
      return { type: 'scalar', is: 'other' }
    }
    if (this.isMark('(')) {
      this.take()
      const inner = this.#readBinary(0)
      this.expectMark(')')
      return { type: inner.type, is: 'other' }
    }
    if (this.isMark('{')) return this.#readSelector(undefined, at)
    if (word === undefined) return this.unexpected()
    const aggregation = this.#findAggregation(word)
    if (aggregation) return this.#readAggregation(word, aggregation.parameter)
    const isKeyword = Object.hasOwn(LEVELS, word) || NO_METRIC.includes(word) || KEYWORDS.includes(word)
    if (this.isMark('(', 1) && !isKeyword && !text.includes(':')) return this.#readCall(text)
    if (NO_METRIC.includes(word)) return this.unexpected()
    this.take()
    return this.#readSelector(text, at)
  }

  #findAggregation(word: string): { readonly parameter: PromType | undefined } | undefined {
    if (!this.isMark('(', 1) && this.keyword(1) !== 'by' && this.keyword(1) !== 'without') return undefined
    return findAggregation(word, this.newer)
  }

  #readAggregation(name: string, parameter: PromType | undefined): Expression {
    const { at } = this.take()
    const isGrouped = () => this.keyword() === 'by' || this.keyword() === 'without'
    const readGroup = () => {
      this.take()
      this.readLabels()
    }
    const isBefore = isGrouped()
    if (isBefore) readGroup()
    const given = this.#readArguments()
    if (!isBefore && isGrouped()) readGroup()
    const wanted: readonly PromType[] = parameter === undefined ? ['vector'] : [parameter, 'vector']
    if (given.length !== wanted.length)
      throw new PromError(`${name} takes ${countOf(wanted.length, 'argument')}, not ${given.length}`, at)
    demandTypes(name, given, wanted, at)
    return { type: 'vector', is: 'other' }
  }

  #readArguments(): readonly PromType[] {
    this.expectMark('(')
    const given: PromType[] = []
    if (!this.isMark(')')) {
      given.push(this.#readBinary(0).type)
      while (this.isMark(',')) {
        this.take()
        given.push(this.#readBinary(0).type)
      }
    }
    this.expectMark(')')
    return given
  }

  #readCall(name: string): Expression {
    const { at } = this.take()
    const found = findFunction(name, this.newer)
    if (!found) throw new PromError(`there is no function ${name}`, at)
    const given = this.#readArguments()
    const least = found.takes.length - (found.more > 0 ? 1 : 0)
    const most = found.more > 0 ? least + found.more : least
    if (given.length < least || given.length > most)
      throw new PromError(
        `${name} takes ${least === most ? '' : 'at least '}${countOf(least, 'argument')}, not ${given.length}`,
        at,
      )
    demandTypes(name, given, found.takes, at)
    return { type: found.gives, is: 'other' }
  }

  #readSelector(name: string | undefined, at: number): Expression {
    const matchers: Matcher[] = []
    let metric = name
    if (this.isMark('{')) {
      this.take()
      while (!this.isMark('}')) {
        const found = this.readMatcher()
        if (typeof found === 'string') metric = found
        else matchers.push(found)
        if (!this.isMark('}')) this.expectMark(',')
      }
      this.take()
    }
    const wrong = judgeMatchers(metric, matchers)
    if (wrong !== undefined) throw new PromError(wrong, at)
    return { type: 'vector', is: 'selector' }
  }
}

/** Words with a meaning of their own, that can be the name of a metric and of no function. */
const KEYWORDS = ['offset', 'by', 'without', 'start', 'end']
