import type { Expression, Node } from 'typescript/unstable/ast'
import type { Project } from 'typescript/unstable/sync'
import { listNodesBelow } from './names.ts'
import { PromiseFlow } from './promise-flow.ts'
import { PromiseTypes, type TypeScript } from './promise-types.ts'

/** A promise that nothing waits for, or a function that returns one to a caller that ignores it. */
export interface Floating {
  /** The offset in the file's text. */
  readonly offset: number
  readonly message: string
  readonly hint: string
}

/** The promises of a file that nothing waits for. Their work may happen after the block has ended, or never, and failures are not seen. */
export function findFloating(path: string, { program, checker }: Project, ts: TypeScript): Floating[] {
  const file = program.getSourceFile(path)
  if (!file) return []
  const nodes = listNodesBelow(file)
  const calls = nodes.filter(node => ts.isCallExpression(node) || ts.isNewExpression(node))
  const sources = nodes.filter(
    node =>
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isTaggedTemplateExpression(node) ||
      // What a getter gives.
      (isAlone(node, ts) && (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))) ||
      (ts.isAwaitExpression(node) && !ts.isExpressionStatement(node.parent)),
  )
  const given = calls.flatMap((call): readonly Expression[] => call.arguments ?? [])
  const types = new PromiseTypes(checker, ts)
  types.learn([...new Set<Node>([...sources, ...given])])
  const flow = new PromiseFlow(file, checker, types, ts)
  const found = sources.filter(
    node => types.holds(node) !== 'nothing' && !flow.isWaitedFor(node) && !flow.isWaitedForElsewhere(node),
  )
  const floating = found.flatMap(node => {
    const held = types.holds(node)
    // The promises in the list are reported themselves.
    if (held === 'promises' && (ts.isNewExpression(node) || flow.isKeeping(node))) return []
    if (held === 'promises' && found.some(other => other !== node && other.pos >= node.pos && other.end <= node.end))
      return []
    return [
      { offset: node.getStart(file), ...(isCondition(node, ts) ? IN_CONDITION : held === 'promise' ? ONE : MANY) },
    ]
  })
  const functions = nodes.filter(node => ts.isArrowFunction(node) || ts.isFunctionExpression(node))
  const named = given.filter(node => ts.isIdentifier(node) || ts.isPropertyAccessExpression(node))
  const ignored = [...functions, ...named].flatMap(node => {
    const isAsync = types.returnsPromise(node)
    if (!isAsync || isGivenToFinally(node, types, ts) || !types.isReturnIgnored(node)) return []
    return [{ offset: node.getStart(file), ...IGNORED }]
  })
  return [...floating, ...ignored]
}

const ONE = {
  message: 'Nothing waits for this promise, so the step may end before it does, and its failure is not seen',
  hint: 'Write await before it',
}
const MANY = {
  message: 'Nothing waits for these promises, so the step may end before they do, and their failures are not seen',
  hint: 'Write: await Promise.all(…)',
}
const IN_CONDITION = { message: 'A promise is always true, whatever comes of it', hint: 'Write await before it' }
const IGNORED = {
  message: 'Nothing waits for what this function does: it gives a promise to a caller that ignores it',
  hint: 'Write for (const … of …) with await inside, or await Promise.all(….map(…))',
}

/** Whether nothing is done with the value of an expression. */
function isAlone({ parent }: Node, ts: TypeScript): boolean {
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)
}

function isCondition(node: Node, ts: TypeScript): boolean {
  let at = node
  while (ts.isParenthesizedExpression(at.parent)) at = at.parent
  const { parent } = at
  return (
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition === at)
  )
}

/** `finally` waits for what its function returns, although its type does not say so. */
function isGivenToFinally(node: Node, types: PromiseTypes, ts: TypeScript): boolean {
  const { parent } = node
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'finally' &&
    types.holds(parent.expression.expression) === 'promise'
  )
}
