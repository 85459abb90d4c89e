import { forEachChild, parse, type SyntaxNode } from 'unbash'
import { type Decisions, HOLE } from './decision.ts'

/** Reads the calls of `hb suggest` and `hb rule-out` of a bash block. */
export function readBashCalls(code: string): Decisions {
  const suggests: Decisions['suggests'][number][] = []
  const rulesOut: string[] = []
  const script = parse(code)
  const assigned = readAssigned(script)
  visit(script, node => {
    if (node.type !== 'Command' || node.name?.value !== 'hb') return
    const [verb, first, ...rest] = node.args
    if (!first) return
    const say = (words: readonly SyntaxNode[]) => words.map(word => sayWord(word, assigned)).join(' ')
    if (verb?.text === 'rule-out') rulesOut.push(say([first, ...rest]))
    if (verb?.text !== 'suggest') return
    const id = sayWord(first, assigned)
    suggests.push({ suggests: id.includes(HOLE) ? null : id, why: say(rest) })
  })
  return { suggests, rulesOut }
}

type Assigned = ReadonlyMap<string, SyntaxNode>

/** The variables that are given a value at one place only. */
function readAssigned(script: SyntaxNode): Assigned {
  const found = new Map<string, SyntaxNode | undefined>()
  visit(script, node => {
    if (node.type === 'For' || node.type === 'Select') found.set(node.name.value, undefined)
    if (node.type !== 'Assignment') return
    const value = node.value?.type === 'Word' && !node.append ? node.value : undefined
    found.set(node.name, found.has(node.name) ? undefined : value)
  })
  return new Map([...found].flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
}

function sayWord(word: SyntaxNode, assigned: Assigned): string {
  // `name=value` as an argument is no word for the parser.
  if (word.type !== 'Word') return word.type === 'Assignment' ? word.text : HOLE
  return word.parts ? word.parts.map(part => sayPart(part, assigned)).join('') : word.value
}

function sayPart(part: SyntaxNode, assigned: Assigned): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value
    case 'DoubleQuoted':
      return part.parts.map(child => sayPart(child, assigned)).join('')
    case 'SimpleExpansion':
      return sayVariable(part.text.slice(1), assigned)
    case 'ParameterExpansion':
      return part.operation || part.prefix || part.index ? HOLE : sayVariable(part.parameter, assigned)
    default:
      return HOLE
  }
}

/** The words of a variable; one that is made of itself is not looked at twice. */
function sayVariable(name: string, assigned: Assigned): string {
  const word = assigned.get(name)
  return word ? sayWord(word, new Map([...assigned].filter(([other]) => other !== name))) : HOLE
}

function visit(node: SyntaxNode, look: (node: SyntaxNode) => void): void {
  look(node)
  forEachChild(node, child => visit(child, look))
}
