import { isIP } from 'node:net'
import { formatDuration, parseDuration, toVariable } from '../base/index.ts'
import { matchPattern, PATTERN_TIME } from './match-pattern.ts'
import type { Param, ParamType, ParamValue } from './model.ts'

/** A parameter's value, or what is wrong with the text that was given for it. */
export type ParamResult = { readonly value: ParamValue } | Misfit

/** A text that is no value of a parameter, or of which that is not known. */
export interface Misfit {
  readonly expected: string
  /** Why it is not known whether the text fits. */
  readonly unjudged?: string
}

/** What was expected, and why it is not known whether that was given. */
export function describeMisfit({ expected, unjudged }: Misfit): string {
  return `${expected}${unjudged === undefined ? '' : `. Whether it matches is unknown: ${unjudged}`}`
}

const UNJUDGED = `the pattern found no answer in ${PATTERN_TIME} ms. Write it without a repetition inside a repetition, as (a+)+`

/** A secret with fewer characters cannot be hidden, because it would be found in every other word. */
export const SHORTEST_SECRET = 4

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}
const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
/** A text that looks like an IPv4 address is one or is wrong: https://url.spec.whatwg.org/#ends-in-a-number-checker */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[\da-f]*)$/i

/**
 * Reads the text given for a parameter: sizes (`4MiB`) become bytes, durations (`24h`) stay as they were typed. Never throws. For a text
 * that does not fit, the result says what was expected.
 */
export function parseParam(param: Param, text: string): ParamResult {
  const value = read(param, text)
  if (value === undefined) return { expected: describe(param) }
  const amount = param.type === 'duration' ? parseDuration(text) : value
  if (typeof amount === 'number' && (amount < (param.min ?? -Infinity) || amount > (param.max ?? Infinity))) {
    return { expected: `${describe(param)} ${describeLimits(param)}` }
  }
  if (param.secret && text.length < SHORTEST_SECRET) {
    return { expected: `at least ${SHORTEST_SECRET} characters: fewer cannot be kept out of what is shown` }
  }
  const fits = param.pattern === undefined || matchPattern(param.pattern, text)
  if (!fits)
    return { expected: `text matching ${param.pattern}`, ...(fits === undefined ? { unjudged: UNJUDGED } : {}) }
  return { value }
}

/**
 * The value of a `min` or `max` for comparing: milliseconds for a duration, bytes for a size. `undefined` when the limit does not fit the
 * type. No limit fits a text.
 */
export function parseLimit(type: ParamType, text: string): number | undefined {
  if (type === 'duration') return parseDuration(text)
  if (type !== 'number' && type !== 'integer' && type !== 'bytes') return undefined
  const value = read({ type }, text)
  return typeof value === 'number' ? value : undefined
}

/** What `parseLimit` expects. */
export function describeLimit(type: ParamType): string {
  const hasOrder = type === 'duration' || type === 'number' || type === 'integer' || type === 'bytes'
  return hasOrder ? describe({ type }) : `none, for a ${type} has no order`
}

function read({ type, values }: Pick<Param, 'type' | 'values'>, text: string): ParamValue | undefined {
  switch (type) {
    case 'string':
      return text
    case 'number':
    case 'integer': {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return Number.isFinite(value) && (type === 'number' || Number.isInteger(value)) ? value : undefined
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'duration':
      return parseDuration(text) === undefined ? undefined : text
    case 'bytes': {
      const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([kKMGT]i?B|B)?$/.exec(text) ?? []
      const factor = BYTES[unit]
      return amount === undefined || factor === undefined ? undefined : Math.round(Number(amount) * factor)
    }
    case 'enum':
      return values?.includes(text) ? text : undefined
    case 'host':
      return isIP(text) !== 0 || (HOST.test(text) && !ENDS_IN_NUMBER.test(text)) ? text : undefined
    default:
      return type satisfies never
  }
}

function describe({ type, values }: Pick<Param, 'type' | 'values'>): string {
  switch (type) {
    case 'string':
      return 'text'
    case 'number':
    case 'integer':
      return `a ${type}`.replace('a i', 'an i')
    case 'boolean':
      return 'true or false'
    case 'duration':
      return 'a duration such as 30s, 10m or 24h'
    case 'bytes':
      return 'a size such as 512kB, 4MiB or 1GB'
    case 'enum':
      return `one of ${values?.join(', ') ?? ''}`
    case 'host':
      return 'a host name or an IP address'
    default:
      return type satisfies never
  }
}

function describeLimits({ type, min, max }: Param): string {
  const show = (limit: number) =>
    type === 'duration' ? formatDuration(limit) : type === 'bytes' ? formatBytes(limit) : String(limit)
  if (min === undefined) return max === undefined ? '' : `of at most ${show(max)}`
  return max === undefined ? `of at least ${show(min)}` : `from ${show(min)} to ${show(max)}`
}

/** In the largest unit that says it exactly. */
function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(BYTES).findLast(([, size]) => bytes >= size && bytes % size === 0) ?? ['B', 1]
  return `${bytes / size}${unit}`
}

/** Variables that bash itself sets, whatever it is given. */
const OF_BASH = new Set(
  `_ PWD OLDPWD IFS UID EUID PPID RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME HOSTNAME HOSTTYPE OSTYPE MACHTYPE LINENO FUNCNAME
  PIPESTATUS REPLY MAPFILE OPTARG OPTIND OPTERR COLUMNS LINES SHLVL SHELLOPTS BASHOPTS BASHPID GROUPS DIRSTACK PS0 PS1 PS2
  PS3 PS4 COPROC HISTCMD BASH`.split(/\s+/),
)

/** Names that mean something to bash or to common programs, so that no parameter may take them. */
const TAKEN = new Set(
  `ALL_PROXY AUTO_RESUME CDPATH CHILD_MAX CI DISPLAY EDITOR EMACS ENV EXECIGNORE FCEDIT FIGNORE FORCE_COLOR FUNCNEST GLOBIGNORE
  GLOBSORT HISTCHARS HISTCONTROL HISTFILE HISTFILESIZE HISTIGNORE HISTSIZE HISTTIMEFORMAT HOME HOST HOSTFILE HTTPS_PROXY HTTP_PROXY
  IGNOREEOF INPUTRC INSIDE_EMACS LANG LANGUAGE LOGNAME MAIL MAILCHECK MAILPATH NO_COLOR NO_PROXY PAGER PATH PERL5LIB PERL5OPT
  POSIXLY_CORRECT PROMPT_COMMAND PROMPT_DIRTRIM PYTHONPATH PYTHONSTARTUP READARRAY RUBYOPT SHELL SSH_ASKPASS SSH_AUTH_SOCK
  SUDO_ASKPASS TEMP TERM TIMEFORMAT TMOUT TMP TMPDIR TZ USER VISUAL`.split(/\s+/),
)

/** Whether bash itself sets a variable of this name, so that whatever it is given is lost. */
export function isSetByBash(variable: string): boolean {
  return OF_BASH.has(variable) || /^(?:BASH|COMP)_/.test(variable)
}

/** Whether a parameter of this name would override something the shell or the runner already uses, or be overridden. */
export function isTaken(name: string): boolean {
  const variable = toVariable(name)
  const isOfPrograms = /^(?:TARGET|STEP|HB|READLINE|LC|LD|XDG|NODE|NPM)_/.test(variable)
  return TAKEN.has(variable) || isSetByBash(variable) || isOfPrograms
}
