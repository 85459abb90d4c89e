import type { Expression, FunctionLikeDeclaration, Identifier, Node, SourceFile } from 'typescript/unstable/ast'
import type { Checker } from 'typescript/unstable/sync'
import type { TypeScript } from './promise-types.ts'

/** The names of a file: the symbol of each, and its uses. */
export interface Names {
  readonly idOf: ReadonlyMap<Node, number>
  readonly declared: ReadonlyMap<number, Identifier>
  readonly uses: ReadonlyMap<number, readonly Identifier[]>
}

/** Reads the names of a file. */
export function readNames(file: SourceFile, checker: Checker, ts: TypeScript): Names {
  const names = listNodesBelow(file).filter(node => ts.isIdentifier(node))
  const symbols = checker.getSymbolAtLocation(names)
  const idOf = new Map<Node, number>()
  const declared = new Map<number, Identifier>()
  const uses = new Map<number, Identifier[]>()
  for (const [index, name] of names.entries()) {
    const { parent } = name
    const isShorthand = ts.isShorthandPropertyAssignment(parent)
    const id = (isShorthand ? checker.getShorthandAssignmentValueSymbol(parent) : symbols[index])?.id
    if (id === undefined) continue
    idOf.set(name, id)
    const declares = 'name' in parent && parent.name === name && !isShorthand && !ts.isPropertyAccessExpression(parent)
    if (declares) declared.set(id, name)
    else uses.set(id, [...(uses.get(id) ?? []), name])
  }
  return { idOf, declared, uses }
}

/** Every node below a node, in the order of the text. */
export function listNodesBelow(node: Node): Node[] {
  const found: Node[] = []
  const visit = (child: Node): undefined => {
    found.push(child)
    child.forEachChild(visit)
  }
  node.forEachChild(visit)
  return found
}

/** The function around a node. */
export function findFunction(node: Node, ts: TypeScript): Node {
  let at = node
  while (at.parent && !ts.isFunctionLikeDeclaration(at)) at = at.parent
  return at
}

/** The function of this file that a name stands for. */
export function findCalled(
  name: Identifier,
  { idOf, declared }: Names,
  ts: TypeScript,
): FunctionLikeDeclaration | undefined {
  const declaration = declared.get(idOf.get(name) ?? -1)?.parent
  const found = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration
  return found && ts.isFunctionLikeDeclaration(found) ? found : undefined
}

/** The return values of a function of this file; none for other functions. */
export function listReturned(name: Identifier, names: Names, ts: TypeScript): readonly (Node | undefined)[] {
  const found = findCalled(name, names, ts)
  return found ? listReturnedBy(found, ts) : []
}

/** The return values of a function; undefined for a `return` without one. */
export function listReturnedBy(found: Node, ts: TypeScript): readonly (Expression | undefined)[] {
  return listNodesBelow(found).flatMap(node =>
    ts.isReturnStatement(node) && findFunction(node, ts) === found ? [node.expression] : [],
  )
}

/** Whether a function is a whole block of a page: then only the returned promise itself is waited for. */
export function isBlock({ parent }: Node, ts: TypeScript): boolean {
  const declared = parent?.parent
  return (
    parent !== undefined &&
    ts.isArrowFunction(parent) &&
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    ts.isIdentifier(declared.name) &&
    declared.name.text.startsWith('handbook$')
  )
}
