import type { CallExpression, Identifier, NewExpression, Node } from 'typescript/unstable/ast'
import { listNodesBelow, type Names } from './names.ts'
import type { TypeScript } from './promise-types.ts'

/**
 * Whether a call hands on how its promise ends to the `new Promise` around it, as `p.then(resolve, reject)` and
 * `p.then(resolve).catch(reject)` do. Then whoever waits for that promise waits for this one.
 */
export function isHandedOn(call: CallExpression, names: Names, ts: TypeScript): boolean {
  const handlers = listHandlers(call, ts)
  const [failed] = handlers.failure
  if (!failed || !ts.isIdentifier(failed)) return false
  const [resolve, reject] = findExecutor(failed, names, ts)?.parameters ?? []
  return (
    resolve !== undefined &&
    reject !== undefined &&
    isUseOf(failed, reject.name, names) &&
    handlers.success.some(handler =>
      [handler, ...listNodesBelow(handler)].some(node => isUseOf(node, resolve.name, names)),
    )
  )
}

/** What a chain of `then`, `catch` and `finally` calls when its promise is there, and what it calls last when that fails. */
function listHandlers(call: CallExpression, ts: TypeScript): Record<'success' | 'failure', readonly Node[]> {
  const success: Node[] = []
  const failure: Node[] = []
  let at: Node = call
  while (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
    const [first, second] = at.arguments
    const { text } = at.expression.name
    if (text === 'then') {
      if (first) success.push(first)
      // Of a failure before it, a later handler knows; of a failure of its own function, only a later one.
      if (at === call && second) failure.push(second)
    } else if (text === 'catch') {
      if (at === call && first) failure.push(first)
    } else break
    at = at.expression.expression
  }
  return { success, failure }
}

/** The function that a `new Promise` is made with, around the use of one of its parameters. */
function findExecutor(use: Identifier, { idOf, declared }: Names, ts: TypeScript) {
  const parameter = declared.get(idOf.get(use) ?? -1)?.parent
  const executor = parameter && ts.isParameterDeclaration(parameter) ? parameter.parent : undefined
  if (!executor || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return undefined
  const made: Node = executor.parent
  return ts.isNewExpression(made) && isPromise(made, ts) && made.arguments?.[0] === executor ? executor : undefined
}

function isPromise({ expression }: NewExpression, ts: TypeScript): boolean {
  return ts.isIdentifier(expression) && expression.text === 'Promise'
}

function isUseOf(node: Node, declaration: Node, { idOf }: Names): boolean {
  const id = idOf.get(node)
  return id !== undefined && id === idOf.get(declaration)
}
