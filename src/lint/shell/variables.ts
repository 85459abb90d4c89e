import { toVariable } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { isSetByBash, type Procedure, type Step } from '../../procedure/index.ts'
import type { ShellFacts } from './read-shell.ts'

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
export function findAssignments({ commands, assigned }: ShellFacts): ReadonlySet<string> | undefined {
  const names = new Set(assigned)
  for (const [command, ...words] of commands) {
    const texts = words.map(({ text }) => text)
    switch (command?.text) {
      case '.':
      case 'source':
      case 'eval':
        return undefined
      case 'local':
      case 'declare':
      case 'typeset':
      case 'unset':
      case 'wait':
        for (const text of texts) add(text, names)
        break
      case 'read':
        for (const text of texts) add(text, names)
        add('REPLY', names)
        break
      case 'mapfile':
      case 'readarray':
        for (const text of texts) add(text, names)
        add('MAPFILE', names)
        break
      case 'getopts':
        add(texts[1], names)
        break
      case 'printf':
        if (texts[0] === '-v') add(texts[1], names)
        break
      case 'let':
        for (const text of texts) add(/^[A-Za-z_]\w*(?=[-+*/%]?=)/.exec(text ?? '')?.[0], names)
        break
    }
  }
  return names
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
