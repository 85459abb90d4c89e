import { toVariable } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Procedure, Step } from '../../procedure/index.ts'
import { listSecrets } from '../list-secrets.ts'

/** What the shell and every step's surroundings set. */
const WELL_KNOWN = new Set(
  `PATH HOME USER LOGNAME SHELL LANG TZ TMPDIR TERM SSH_AUTH_SOCK PWD OLDPWD IFS UID EUID PPID RANDOM SRANDOM SECONDS EPOCHSECONDS
  EPOCHREALTIME HOSTNAME HOSTTYPE OSTYPE MACHTYPE LINENO FUNCNAME PIPESTATUS REPLY MAPFILE OPTARG OPTIND OPTERR COLUMNS LINES
  SHLVL SHELLOPTS BASHOPTS GROUPS DIRSTACK PS1 PS2 PS4 COPROC _ STEP_OUTPUT HB_FOLDER HB_EVIDENCE HB_SUGGESTABLE HB_MAY_CHANGE`.split(
    /\s+/,
  ),
)

/** Whether the shell, or the handbook for every step, sets a variable of this name. */
export function isWellKnown(name: string): boolean {
  return WELL_KNOWN.has(name) || /^(?:BASH|LC|XDG)_|^BASH$/.test(name)
}

/** The variables that a step's bash block is given, each with what it comes from, in words. */
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
