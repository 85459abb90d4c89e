import { toVariable } from '../base/index.ts'
import type { Param, Step } from '../procedure/index.ts'

/** What a block may use beside its own variables. */
export interface GuardContext {
  /** The command that runs the step with the handbook, for what a plain shell cannot do. */
  readonly command: string
  readonly params: readonly Param[]
  readonly steps: readonly Pick<Step, 'id' | 'title'>[]
  /** The facts of the target, by name. */
  readonly target: Readonly<Record<string, { readonly description: string }>>
  /** The names of the secrets, which only a run has. */
  readonly secrets?: readonly string[]
}

/**
 * A bash block as text that is safe to paste into somebody's shell. It is a subshell that ends at the first failing command, so that the
 * shell itself stays open. Parameters have their defaults. For everything else that a run would set, it stops at the start with a message.
 */
export function guardBash(code: string, context: GuardContext): string {
  const lines = [
    '( set -euo pipefail',
    ONLY_BASH,
    ...declareVariables(code, context),
    ...defineHb(code, context),
    ...defineHandbook(code),
    code,
    ')',
  ]
  return (isHistoryMeant(code) ? withoutHistory(lines) : lines).join('\n')
}

/** Whether a block can run in a shell of its own: it needs nothing that only a run knows. */
export function runsInShell(code: string, { params, secrets = [] }: GuardContext): boolean {
  const known = new Set(['STEP_OUTPUT', ...params.filter(isGiven).map(({ name }) => toVariable(name))])
  const others = [...params.map(({ name }) => name), ...secrets].map(toVariable).filter(name => !known.has(name))
  const needed = listNeeded(code, /\b(?:TARGET|STEP)_[A-Z0-9_]+\b/g).filter(name => !known.has(name))
  return (
    needed.length === 0 &&
    !others.some(name => mentions(code, name)) &&
    !/\bhb\s+(?:service|evidence|silence)\b/.test(code)
  )
}

function isGiven(param: Param): boolean {
  return param.default !== undefined
}

const ONLY_BASH =
  '[ -n "$' + '{BASH_VERSION:-}" ] || { echo "This block is for bash: start bash, then paste it again." >&2; exit 1; }'

/** Whether an interactive bash would read something as an event of its history, and drop that line of the block. */
function isHistoryMeant(code: string): boolean {
  return /![^\s=("]/.test(code)
}

function withoutHistory(lines: readonly string[]): string[] {
  const restore = 'hb_status=$?; case "$hb_flags" in *H*) set -H ;; esac; (exit "$hb_status")'
  return ['hb_flags=$-; set +H', ...lines, restore]
}

function declareVariables(code: string, { params, steps, target }: GuardContext): string[] {
  const declared = params
    .filter(({ name }) => mentions(code, toVariable(name)))
    .map(param => declareParam(toVariable(param.name), param))
  const facts = new Map(Object.entries(target).map(([name, { description }]) => [toVariable(name), description]))
  for (const variable of listNeeded(code, /\bTARGET_[A-Z0-9_]+\b/g)) {
    declared.push(demand(variable, facts.get(variable.replace('TARGET_', '')) ?? 'a fact of the target'))
  }
  for (const variable of listNeeded(code, /\bSTEP_[A-Z0-9_]+\b/g)) {
    if (variable === 'STEP_OUTPUT') declared.push(SHOW_OUTPUT)
    else declared.push(demand(variable, `a value that the step ${findStep(variable, steps)} gives`))
  }
  return declared
}

const SHOW_OUTPUT = 'export STEP_OUTPUT="$(mktemp)"; trap \'cat "$STEP_OUTPUT"; rm "$STEP_OUTPUT"\' EXIT'

function declareParam(variable: string, param: Param): string {
  if (param.default === undefined) return demand(variable, param.description ?? `a ${param.type}`)
  const text = String(param.default)
  const quoted = /^[\w.,:/@%+-]*$/.test(text) ? text : quote(text)
  return quoted === text
    ? set(variable, `:-${text}`)
    : `[ -n "\${${variable}:-}" ] || ${variable}=${quoted}; export ${variable}`
}

function demand(variable: string, what: string): string {
  // Only characters without a meaning for a shell between double quotes and braces.
  return set(variable, `:?is not set: ${what.replaceAll("'", '’').replace(/[^\p{L}\p{N} .,:()/’-]/gu, '')}`)
}

/** Keeps the value of a variable. When it has none, the end of the expansion says what happens: `:-default` or `:?message`. */
function set(variable: string, otherwise: string): string {
  return `export ${variable}="\${${variable}${otherwise}}"`
}

/** `hb` exists only in a run. Here it prints its words, and ends the block when the verb needs a run. */
function defineHb(code: string, { command }: GuardContext): string[] {
  if (!/(?:^|[\s;&|({])hb\s/m.test(code)) return []
  return [
    'hb() { printf "hb %s\\n" "$*" >&2',
    '  case "$1" in rule-out|skip) exit 0 ;;',
    '  silence) echo "only a run silences alerts, and ends it" >&2; exit 1 ;;',
    `  service) printf "%s\\n" "only a run knows this environment's services: ${command}" >&2; exit 1 ;; esac; }`,
  ]
}

/** A run finds its own `handbook`; a shell may have it only by npx. */
function defineHandbook(code: string): string[] {
  return /(?:^|[;&|({])\s*handbook\s/m.test(code)
    ? ['command -v handbook > /dev/null || handbook() { npx --no handbook "$@"; }']
    : []
}

function findStep(variable: string, steps: GuardContext['steps']): string {
  const named = steps
    .filter(({ id }) => variable.startsWith(`STEP_${toVariable(id)}_`))
    .toSorted((a, b) => b.id.length - a.id.length)[0]
  return named?.title ?? 'before this one'
}

/** The variables of this form that the code reads without giving a default. */
function listNeeded(code: string, form: RegExp): string[] {
  const found = [...code.matchAll(form)].filter(({ 0: name, index }) => {
    const before = code.slice(0, index)
    const after = code.slice(index + name.length)
    return !(before.endsWith('${') && /^:?[-+=]/.test(after)) && !/^=/.test(after)
  })
  return [...new Set(found.map(([name]) => name))]
}

function mentions(code: string, variable: string): boolean {
  return new RegExp(`\\b${variable}\\b`).test(code)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
