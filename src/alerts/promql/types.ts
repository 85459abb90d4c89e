import type { PromType } from './functions.ts'
import { PromError } from './lex.ts'

/** An expression that was read: its type, and what may still follow it. */
export interface Expression {
  readonly type: PromType
  readonly is: 'selector' | 'range' | 'subquery' | 'other'
  readonly offset?: boolean
  readonly time?: boolean
}

/** How tight an operator binds. */
export const LEVELS: Readonly<Record<string, number>> = {
  or: 1, and: 2, unless: 2, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6,
} // biome-ignore format: a table

const SETS = ['and', 'or', 'unless']

/** How the labels of two vectors are matched. */
export interface Matching {
  readonly isBool: boolean
  readonly labels: readonly string[]
  readonly group: boolean
}

/** The type of two operands together. Throws a `PromError`. */
export function joinTypes(
  operator: string,
  left: Expression,
  right: Expression,
  matching: Matching,
  at: number,
): Expression {
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

/** Throws a `PromError` unless arguments have the types that are wanted. */
export function demandTypes(name: string, given: readonly PromType[], takes: readonly PromType[], at: number): void {
  for (const [index, type] of given.entries()) {
    const wanted = takes[Math.min(index, takes.length - 1)]
    if (wanted !== undefined && type !== wanted)
      throw new PromError(`${name} expects ${nameOf(wanted)}, not ${nameOf(type)}`, at)
  }
}

/** A type in words. */
export function nameOf(type: PromType): string {
  if (type === 'vector') return 'an instant vector'
  return type === 'matrix' ? 'a range vector' : `a ${type}`
}
