import { toVariable } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { isSetByBash, type Procedure, type Step } from '../../procedure/index.ts'
import type { ShellFacts, Word } from './scan-words.ts'

/** Variables that the handbook sets for every step. */
const WELL_KNOWN = new Set(
  `PATH HOME USER LOGNAME SHELL LANG TZ TMPDIR TERM SSH_AUTH_SOCK STEP_OUTPUT HB_FOLDER HB_EVIDENCE HB_SUGGESTABLE HB_MAY_CHANGE`.split(
    /\s+/,
  ),
)

/** Whether the shell, or the handbook for every step, sets a variable of this name. */
export function isWellKnown(name: string): boolean {
  return WELL_KNOWN.has(name) || isSetByBash(name) || /^(?:LC|XDG)_/.test(name)
}

/** The variables that a step's bash block gets, each with its source in words. */
export function listVariables({ params }: Procedure, { risk }: Step, file: HandbookFile): ReadonlyMap<string, string> {
  const environments = Object.values(file.environments)
  return new Map([
    ...params.map(({ name }) => [toVariable(name), `the parameter ${name}`] as const),
    ...Object.keys(file.target).map(name => [`TARGET_${toVariable(name)}`, `the target's ${name}`] as const),
    ...environments.flatMap(({ variables }) =>
      Object.keys(variables).map(name => [name, 'a variable of an environment'] as const),
    ),
    ...listSecrets(file).flatMap(([name, source]) =>
      risk !== 'read' || source.for === 'read' ? [[toVariable(name), `the secret ${name}`] as const] : [],
    ),
  ])
}

/**
 * The variables that a script sets. `undefined` when this cannot be seen, because the script reads another script or builds commands
 * itself.
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

/** All secrets that blocks may use: those of the whole handbook, and those of single environments. */
export function listSecrets({
  secrets,
  environments,
}: HandbookFile): (readonly [name: string, source: { readonly for: 'read' | 'change' }])[] {
  return [secrets, ...Object.values(environments).map(({ secrets }) => secrets)].flatMap(each => Object.entries(each))
}
