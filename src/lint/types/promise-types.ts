import type { Expression, Node } from 'typescript/unstable/ast'
import type { Checker, Type } from 'typescript/unstable/sync'
import { listReturnedBy } from './names.ts'

/** What a value holds: a promise, a list of them, or neither. */
export type Held = 'promise' | 'promises' | 'nothing'

/** The parts of TypeScript that the questions need; they are loaded only when blocks are checked. */
export type TypeScript = Pick<typeof import('typescript/unstable/sync'), 'SignatureKind' | 'TypeFlags'> &
  typeof import('typescript/unstable/ast')

/** Collections that hold their elements. */
const LISTS = ['Map', 'Set', 'Iterable', 'IterableIterator', 'ArrayIterator', 'MapIterator', 'SetIterator', 'Generator']

/** Asks TypeScript about promises, once for each type. */
export class PromiseTypes {
  readonly #checker: Checker
  readonly #ts: TypeScript
  readonly #types = new Map<Node, Type | undefined>()
  readonly #held = new Map<number, Held>()

  constructor(checker: Checker, ts: TypeScript) {
    this.#checker = checker
    this.#ts = ts
  }

  /** Asks for the types of many nodes at once, which takes as long as for one. */
  learn(nodes: readonly Node[]): void {
    if (nodes.length === 0) return
    const types = this.#checker.getTypeAtLocation(nodes)
    for (const [index, node] of nodes.entries()) this.#types.set(node, types[index])
  }

  /** What the value of an expression holds. */
  holds(node: Node): Held {
    const type = this.#typeOf(node)
    return type ? this.#holdsType(type) : 'nothing'
  }

  /** Whether the value of an expression is a text, a number or another plain value, which cannot hold a promise. */
  isPlain(node: Node): boolean {
    const { StringLike, NumberLike, BooleanLike, Undefined, Null, Void } = this.#ts.TypeFlags
    const type = this.#typeOf(node)
    return type !== undefined && (type.flags & (StringLike | NumberLike | BooleanLike | Undefined | Null | Void)) !== 0
  }

  /** Whether a call of this function returns a promise. TypeScript is asked only where the function does not show it. */
  returnsPromise(node: Node): boolean {
    const shown = listShown(node, this.#ts)
    if (shown) return shown === 'promise' || shown.some(value => this.holds(value) !== 'nothing')
    const type = this.#typeOf(node)
    return type?.isObjectType()
      ? this.#listReturned(type).some(returned => this.#holdsType(returned) !== 'nothing')
      : false
  }

  /** Whether the receiver of this function ignores its return value. */
  isReturnIgnored(node: Node): boolean {
    if (!this.#ts.isExpression(node)) return false
    const type = this.#checker.getContextualType(node)
    if (!type) return false
    const { Void, BooleanLike, Unknown } = this.#ts.TypeFlags
    const takers = this.#membersOf(type)
    if (takers.some(taker => taker.isObjectType() && taker.getSymbol()?.name === 'Function')) return true
    const returned = takers.flatMap(taker => (taker.isObjectType() ? this.#listReturned(taker) : []))
    return (
      returned.length > 0 &&
      returned.every(type => this.#membersOf(type).every(({ flags }) => (flags & (Void | BooleanLike | Unknown)) !== 0))
    )
  }

  #typeOf(node: Node): Type | undefined {
    if (!this.#types.has(node)) this.learn([node])
    return this.#types.get(node)
  }

  #holdsType(type: Type): Held {
    const known = this.#held.get(type.id)
    if (known) return known
    // A type that holds itself holds nothing more.
    this.#held.set(type.id, 'nothing')
    const held = this.#look(type)
    this.#held.set(type.id, held)
    return held
  }

  #look(type: Type): Held {
    const members = this.#membersOf(type)
    if (members.length > 1 || members[0] !== type) {
      const held = members.map(member => this.#holdsType(member))
      return held.find(one => one === 'promise') ?? held.find(one => one === 'promises') ?? 'nothing'
    }
    if (!type.isObjectType()) return 'nothing'
    const isList =
      this.#checker.isArrayType(type) || this.#checker.isTupleType(type) || LISTS.includes(type.getSymbol()?.name ?? '')
    if (!isList) return this.#checker.getPropertyOfType(type, 'then') ? 'promise' : 'nothing'
    const elements = type.isTypeReference() ? this.#checker.getTypeArguments(type) : []
    return elements.some(element => this.#holdsType(element) !== 'nothing') ? 'promises' : 'nothing'
  }

  #membersOf(type: Type): readonly Type[] {
    return type.isUnionType() || type.isIntersectionType() ? type.getTypes() : [type]
  }

  #listReturned(type: Type): readonly Type[] {
    return this.#checker
      .getSignaturesOfType(type, this.#ts.SignatureKind.Call)
      .flatMap(signature => this.#checker.getReturnTypeOfSignature(signature) ?? [])
  }
}

/**
 * The values that a function without a declared type returns, each an expression of its own; `promise` for one that is async. Undefined for
 * what is not such a function.
 */
export function listShown(node: Node, ts: TypeScript): 'promise' | readonly Expression[] | undefined {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return undefined
  if (node.type !== undefined || node.asteriskToken !== undefined) return undefined
  if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)) return 'promise'
  if (!ts.isBlock(node.body)) return [node.body]
  return listReturnedBy(node, ts).filter(value => value !== undefined)
}
