import type { Expression, Node, SourceFile } from 'typescript/unstable/ast'
import type { Project } from 'typescript/unstable/sync'
import { listNodesBelow } from './names.ts'
import { PromiseFlow } from './promise-flow.ts'
import { listShown, PromiseTypes, type TypeScript } from './promise-types.ts'

/** A promise that nothing waits for, or a function that returns one to a caller that ignores it. */
export interface Floating {
  /** The offset in the file's text. */
  readonly offset: number
  readonly message: string
  readonly hint: string
}

/**
 * The promises of each file that nothing waits for. Their work may happen after the block has ended, or never, and failures are not seen. All
 * files are asked about at once, and each type once: an answer of the compiler takes longer than all that is done with it.
 */
export function findFloating(
  paths: readonly string[],
  { program, checker }: Project,
  ts: TypeScript,
): ReadonlyMap<string, readonly Floating[]> {
  const types = new PromiseTypes(checker, ts)
  const files = paths.flatMap(path => {
    const file = program.getSourceFile(path)
    return file ? [{ path, file, ...readNodes(file, ts) }] : []
  })
  types.learn([...new Set<Node>(files.flatMap(({ sources, given, shown }) => [...sources, ...given, ...shown]))])
  return new Map(
    files.map(each => [each.path, findIn(each, new PromiseFlow(each.file, checker, types, ts), types, ts)]),
  )
}

/** The nodes of a file that matter. */
interface FileNodes {
  /** What may be a promise. */
  readonly sources: readonly Node[]
  /** The arguments of calls. */
  readonly given: readonly Expression[]
  readonly functions: readonly Node[]
  /** What these functions return, where they show it. */
  readonly shown: readonly Node[]
}

function readNodes(file: Node, ts: TypeScript): FileNodes {
  const nodes = listNodesBelow(file)
  const calls = nodes.filter(node => ts.isCallExpression(node) || ts.isNewExpression(node))
  const functions = nodes.filter(
    node => (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && !isNamedOnly(node, ts),
  )
  return {
    sources: nodes.filter(
      node =>
        ts.isCallExpression(node) ||
        ts.isNewExpression(node) ||
        ts.isTaggedTemplateExpression(node) ||
        // What a getter gives.
        (isAlone(node, ts) && (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))) ||
        (ts.isAwaitExpression(node) && !ts.isExpressionStatement(node.parent)),
    ),
    given: calls.flatMap((call): readonly Expression[] => call.arguments ?? []),
    functions,
    shown: functions.flatMap(node => {
      const shown = listShown(node, ts)
      return shown === undefined || shown === 'promise' ? [] : shown
    }),
  }
}

/** Whether a function only gets a name, so that nobody is told what it returns. */
function isNamedOnly({ parent }: Node, ts: TypeScript): boolean {
  return ts.isVariableDeclaration(parent) && parent.type === undefined
}

function findIn(
  { file, sources, given, functions }: FileNodes & { readonly file: SourceFile },
  flow: PromiseFlow,
  types: PromiseTypes,
  ts: TypeScript,
): Floating[] {
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
