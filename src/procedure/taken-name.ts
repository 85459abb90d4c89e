import { toVariable } from '../base/index.ts'

/** Names that mean something to the shell or to common programs, so that no parameter may take them. */
const TAKEN = new Set(
  `PATH HOME USER LOGNAME SHELL PWD OLDPWD IFS TERM LANG LC_ALL TZ TMPDIR HOST HOSTNAME HOSTTYPE UID EUID PPID RANDOM SECONDS
  PS1 PS2 PS4 ENV BASH BASH_ENV CDPATH EDITOR PAGER MAIL COLUMNS LINES OSTYPE MACHTYPE SHELLOPTS BASHOPTS OPTARG OPTIND REPLY
  LD_PRELOAD LD_LIBRARY_PATH NODE_OPTIONS NODE_PATH PYTHONPATH NO_COLOR FORCE_COLOR CI DISPLAY SSH_AUTH_SOCK STEP_OUTPUT`.split(
    /\s+/,
  ),
)

/** Whether a parameter of this name would override something the shell or the runner already uses. */
export function isTaken(name: string): boolean {
  const variable = toVariable(name)
  return TAKEN.has(variable) || /^(?:TARGET|STEP|HB|BASH|LC|npm)_/.test(variable)
}
