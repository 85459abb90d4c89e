import { type ArithmeticExpression, forEachChild, parse, type SyntaxNode, type Word as WordNode } from 'unbash'
import type { Block, Place } from '../../procedure/index.ts'

/** A variable that a bash block reads. */
export interface Reference {
  readonly name: string
  /** Offset in the code at which the name begins. */
  readonly offset: number
  /** Whether it may be unset: `${NAME:-default}`, `${NAME+x}`. */
  readonly guarded: boolean
}

/** A word of a command; its text is known only when nothing in it is expanded. */
export interface Word {
  readonly text: string | undefined
  readonly offset: number
}

/** What is known of a bash script without running it. */
export interface ShellFacts {
  readonly references: readonly Reference[]
  /** Simple commands, also those in substitutions, as their words, without what they assign and where their output goes. */
  readonly commands: readonly (readonly Word[])[]
  /** Names that the script itself gives a value, but for those that a command such as `read` gives one. */
  readonly assigned: ReadonlySet<string>
  /** Names of its own functions. */
  readonly functions: ReadonlySet<string>
}

/** Reads a bash script as far as checks need it. What it cannot understand it leaves out: bash itself says what is wrong with it. */
export function readShell(code: string): ShellFacts {
  const references: Reference[] = []
  const commands: Word[][] = []
  const assigned = new Set<string>()
  const functions = new Set<string>()
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'SimpleExpansion':
        addReference(node.text.slice(1), node.pos + 1, false)
        break
      case 'ParameterExpansion': {
        const { operation, parameter, parameterPos, prefix } = node
        const isList = operation?.type === 'Names'
        const guarded = isList || (operation?.type === 'Default' && !operation.operator.endsWith('?'))
        if (operation?.type === 'Default' && operation.operator.endsWith('=')) assigned.add(parameter)
        // `${!PREFIX*}` lists names, and reads none.
        if (!(prefix === '!' && isList)) addReference(parameter, parameterPos, guarded)
        break
      }
      case 'Assignment':
        assigned.add(node.name)
        break
      case 'For':
      case 'Select':
        assigned.add(node.name.value)
        break
      case 'Function':
        functions.add(node.name.value)
        break
      case 'Coproc':
        assigned.add(node.name?.value ?? 'COPROC')
        break
      case 'ArithmeticBinary':
        if (/^(?:[-+*/%|&^]|<<|>>)?=$/.test(node.operator)) addAssigned(node.left)
        break
      case 'ArithmeticWord':
        // The parser has no parts for a simple one there.
        if (!node.parts && node.value.startsWith('$')) addReference(node.value.slice(1), node.pos + 1, false)
        break
      case 'ArithmeticUnary':
        if (/^(?:\+\+|--)$/.test(node.operator)) addAssigned(node.operand)
        break
      case 'Command': {
        const { name, args } = node
        if (name) commands.push([name, ...args].map(word => ({ text: textOf(word), offset: word.pos })))
        break
      }
    }
    forEachChild(node, visit)
  }
  const addReference = (name: string, offset: number, guarded: boolean) => {
    if (NAME.test(name)) references.push({ name, offset, guarded })
  }
  const addAssigned = (to: ArithmeticExpression) => {
    const [name] = to.type === 'ArithmeticWord' ? (/^[A-Za-z_]\w*/.exec(to.value) ?? []) : []
    if (name !== undefined) assigned.add(name)
  }
  visit(parse(code))
  return { references, commands, assigned, functions }
}

/** Where an offset of a block's code stands on the page. */
export function placeInBlock({ code, lines, fence }: Block, offset: number): Place {
  const before = code.slice(0, offset).split('\n')
  const place = lines[before.length - 1] ?? fence
  return { line: place.line, column: place.column + (before.at(-1)?.length ?? 0) }
}

const NAME = /^[A-Za-z_]\w*$/
const EXPANDED = /^(?:SimpleExpansion|ParameterExpansion|CommandExpansion|ArithmeticExpansion|ProcessSubstitution)$/

/** A word's text, if nothing in it is expanded. */
function textOf(word: SyntaxNode): string | undefined {
  let expanded = false
  const look = (node: SyntaxNode): void => {
    expanded ||= EXPANDED.test(node.type)
    if (!expanded) forEachChild(node, look)
  }
  look(word)
  return expanded ? undefined : word.type === 'Assignment' ? word.text : (word as WordNode).value
}
