import {
  forEachChild,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash'

/** Commands that end well whatever is the case, and say nothing of how things are. */
const UNFAILING =
  /^(?::|true|echo|printf|sleep|set|shopt|export|local|declare|typeset|readonly|unset|date|pwd|hostname|uname|whoami|id)$/

/**
 * Whether a bash script can end badly, as bash reads it after `set -euo pipefail`. `curl … || true` cannot, nor can an `if` that only
 * prints. Where it cannot be told, it can.
 */
export function canScriptFail(code: string): boolean {
  const script = parse(code)
  if (script.errors?.length) return true
  const functions = new Map<string, SyntaxNode>()
  const collect = (node: SyntaxNode): void => {
    if (node.type === 'Function') functions.set(node.name.value, node.body)
    forEachChild(node, collect)
  }
  collect(script)
  return canAnyFail(script.commands, functions)
}

type Functions = ReadonlyMap<string, SyntaxNode>

function canAnyFail(statements: readonly Statement[], functions: Functions): boolean {
  // Nobody hears how a command in the background ends.
  return statements.some(({ command, background }) => !background && canFail(command, functions))
}

function canFail(node: SyntaxNode, functions: Functions): boolean {
  switch (node.type) {
    case 'Script':
    case 'CompoundList':
      return canAnyFail(node.commands, functions)
    case 'AndOr':
      return canListFail(node.commands, node.operators, functions)
    case 'Pipeline':
      return node.prefixes.some(({ type }) => type === 'Negation') || node.commands.some(one => canFail(one, functions))
    // Conditions end nothing.
    case 'If':
      return [node.then, ...node.elif.map(({ then }) => then), ...(node.else ? [node.else] : [])].some(branch =>
        canFail(branch, functions),
      )
    case 'While':
    case 'For':
    case 'Select':
    case 'ArithmeticFor':
    case 'Subshell':
    case 'BraceGroup':
      return canFail(node.body, functions)
    case 'Case':
      return node.items.some(({ body }) => canFail(body, functions))
    case 'Redirected':
      return node.redirects.some(canRedirectionFail) || canFail(node.command, functions)
    case 'Function':
    case 'Coproc':
      return false
    case 'Command': {
      const { name, args, prefix, redirects } = node
      if (redirects.some(canRedirectionFail)) return true
      if ([...prefix, ...args].some(demandsValue)) return true
      // The value of an assignment may come from a command, whose failure is then the assignment's.
      if (!name) return prefix.some(one => one.type === 'Assignment' && holdsFailure(one, functions))
      const body = functions.get(name.value)
      if (body) return canFail(body, new Map([...functions].filter(([known]) => known !== name.value)))
      if (name.value === 'exit' || name.value === 'return') return args.some(word => (word as Word).value !== '0')
      return !UNFAILING.test(name.value)
    }
    default:
      return true
  }
}

/** `a && b` fails when one of them does, `a || b` when both do. */
function canListFail(commands: readonly PipelineNode[], operators: readonly string[], functions: Functions): boolean {
  return commands
    .slice(1)
    .reduce(
      (before, command, index) =>
        operators[index] === '&&' ? before || canFail(command, functions) : before && canFail(command, functions),
      commands[0] !== undefined && canFail(commands[0], functions),
    )
}

function canRedirectionFail(redirection: Redirection): boolean {
  if (redirection.type !== 'Redirect') return false
  return !/^(?:\/dev\/(?:null|stdout|stderr)|\d|-)$/.test(redirection.target?.value ?? '')
}

/** `${NAME:?why}` ends a script when the name has no value. */
function demandsValue(node: SyntaxNode): boolean {
  if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default')
    return node.operation.operator.endsWith('?')
  return someChild(node, demandsValue)
}

function holdsFailure(node: SyntaxNode, functions: Functions): boolean {
  if (node.type === 'CommandExpansion') return node.script === undefined || canFail(node.script, functions)
  return someChild(node, child => holdsFailure(child, functions))
}

function someChild(node: SyntaxNode, holds: (child: SyntaxNode) => boolean): boolean {
  let found = false
  forEachChild(node, child => {
    found ||= holds(child)
  })
  return found
}
