import { type Expression, type Node, parse, type VariableDeclaration } from 'acorn'
import { transformSync } from 'oxc-transform'
import { makeImportsDynamic } from '../../base/index.ts'
import { type Decisions, HOLE } from './decision.ts'

/** Reads the calls of `suggest` and `ruleOut` of a ts block. Code that cannot be read has none: the check says what is wrong with it. */
export function readScriptCalls(code: string): Decisions {
  const suggests: Decisions['suggests'][number][] = []
  const rulesOut: string[] = []
  const program = readProgram(code)
  const constants = readConstants(program)
  visit(program, node => {
    if (!is(node, 'CallExpression') || !is(node.callee, 'Identifier')) return
    const [first, second] = node.arguments
    if (!first) return
    if (node.callee.name === 'ruleOut') rulesOut.push(say(first, constants))
    if (node.callee.name !== 'suggest') return
    const why = second ? say(second, constants) : HOLE
    for (const one of listChoices(first)) {
      const id = say(one, constants)
      suggests.push({ suggests: id.includes(HOLE) ? null : id, why })
    }
  })
  return { suggests, rulesOut }
}

function readProgram(code: string): Node | undefined {
  const source = `(async () => {\n${makeImportsDynamic(code)}\n})`
  try {
    return parse(transformSync('block.ts', source, { lang: 'ts' }).code, { ecmaVersion: 'latest' })
  } catch {
    return undefined
  }
}

type Constants = ReadonlyMap<string, Node>

/** The constants that are given a value at one place only. */
function readConstants(program: Node | undefined): Constants {
  const found = new Map<string, Node | undefined>()
  visit(program, node => {
    if (!is(node, 'VariableDeclaration')) return
    for (const { id, init } of node.declarations) {
      if (id.type !== 'Identifier') continue
      found.set(id.name, found.has(id.name) || node.kind !== 'const' || !init ? undefined : init)
    }
  })
  return new Map([...found].flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
}

/** Both ends of `condition ? 'this' : 'that'`. */
function listChoices(node: Node): Node[] {
  return is(node, 'ConditionalExpression') ? [...listChoices(node.consequent), ...listChoices(node.alternate)] : [node]
}

function say(node: Node, constants: Constants): string {
  if (is(node, 'Literal')) return typeof node.value === 'string' ? node.value : HOLE
  if (is(node, 'TemplateLiteral')) {
    const [start, ...rest] = node.quasis
    const tail = rest.map(({ value }, at) => {
      const between = node.expressions[at]
      return `${between ? say(between, constants) : HOLE}${value.cooked ?? ''}`
    })
    return `${start?.value.cooked ?? ''}${tail.join('')}`
  }
  if (is(node, 'Identifier')) {
    const value = constants.get(node.name)
    // One that is made of itself is not looked at twice.
    return value ? say(value, new Map([...constants].filter(([name]) => name !== node.name))) : HOLE
  }
  return HOLE
}

interface Nodes {
  readonly CallExpression: Extract<Expression, { type: 'CallExpression' }>
  readonly Identifier: Extract<Expression, { type: 'Identifier' }>
  readonly Literal: Extract<Expression, { type: 'Literal' }>
  readonly TemplateLiteral: Extract<Expression, { type: 'TemplateLiteral' }>
  readonly ConditionalExpression: Extract<Expression, { type: 'ConditionalExpression' }>
  readonly VariableDeclaration: VariableDeclaration
}

function is<Type extends keyof Nodes>(node: Node, type: Type): node is Nodes[Type] {
  return node.type === type
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, look)
  else if (isNode(value)) {
    look(value)
    for (const child of Object.values(value)) visit(child, look)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
