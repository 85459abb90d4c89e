import type { ShellFacts, Word } from './shell-facts.ts'

/**
 * The names that a script gives a value, as far as can be seen; `undefined` when it cannot be, because the script
 * reads another one or makes up commands of its own.
 */
export function findAssignments({ commands, assigned }: ShellFacts, code: string): ReadonlySet<string> | undefined {
  const names = new Set(assigned)
  for (const command of commands) {
    const [first, ...rest] = skipAssignments(command, code, names)
    const texts = rest.map(({ text }) => text)
    switch (first?.text) {
      case '.':
      case 'source':
      case 'eval':
        return undefined
      case 'export':
      case 'readonly':
        for (const word of rest) addAssigned(word, code, names)
        break
      case 'local':
      case 'declare':
      case 'typeset':
        for (const word of rest) if (!addAssigned(word, code, names)) add(word.text, names)
        break
      case 'read':
      case 'mapfile':
      case 'readarray':
      case 'unset':
      case 'wait':
        for (const text of texts) add(text, names)
        add(first.text === 'read' ? 'REPLY' : 'MAPFILE', names)
        break
      case 'for':
      case 'select':
      case 'coproc':
        add(texts[0], names)
        break
      case 'getopts':
        add(texts[1], names)
        break
      case 'printf':
        if (texts[0] === '-v') add(texts[1], names)
        break
      case 'let':
        for (const word of rest) addAssigned(word, code, names)
        break
    }
  }
  return names
}

const ASSIGNMENT = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/

function skipAssignments(command: readonly Word[], code: string, names: Set<string>): readonly Word[] {
  let index = 0
  for (let word = command[index]; word && addAssigned(word, code, names); word = command[index]) index++
  return command.slice(index)
}

function addAssigned({ offset }: Word, code: string, names: Set<string>): boolean {
  const name = ASSIGNMENT.exec(code.slice(offset, offset + 200))?.[1]
  if (name !== undefined) names.add(name)
  return name !== undefined
}

function add(text: string | undefined, names: Set<string>): void {
  if (text !== undefined && /^[A-Za-z_]\w*$/.test(text)) names.add(text)
}
