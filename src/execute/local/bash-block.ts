import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toVariable } from '../../base/index.ts'
import type { Place, ShellVerbName } from '../../procedure/index.ts'
import type { BlockRequest, BlockResult, Report } from '../protocol.ts'
import { describeEnd, nameCode, type ProgramEnd } from './program.ts'
import { readStepValues } from './step-values.ts'

/** The longest word that a command line or the environment can hold, less what the kernel puts beside it. */
const WORD_LIMIT = 120_000

/** The command that runs a bash block, to the letter, with `set -euo pipefail` on; or why it cannot run. */
export function prepareBash(
  request: BlockRequest,
): { readonly command: readonly string[]; readonly variables: Record<string, string> } | BlockResult {
  const missing = findMissingStep(request)
  if (missing) return { status: 'blocked', reason: `the step ${missing} gave no value`, begun: false }
  const { code, lines, file, place } = request
  const { folder } = place
  const variables: Record<string, string> = { STEP_OUTPUT: join(folder, 'output') }
  for (const [name, value] of Object.entries(request.variables)) {
    if (Buffer.byteLength(value) + name.length < WORD_LIMIT) variables[name] = value
    else if (new RegExp(`\\b${name}\\b`).test(code)) {
      const reason = `$${name} has ${value.length} characters: too long for a variable. Hand it over as a file`
      return { status: 'blocked', reason, begun: false }
    }
  }
  // Empty lines before the code make bash speak of the page's own lines; a fence stands before it, so there is room for the trap.
  const script = `${TRAP}${'\n'.repeat(Math.max(1, (lines[0]?.line ?? 1) - 1))}${code}`
  if (Buffer.byteLength(script) < WORD_LIMIT) return { command: [...BASH, script, file], variables }
  const kept = join(folder, 'code')
  writeFileSync(kept, script)
  return { command: [...BASH, 'eval "$(<"$HB_CODE")"', file], variables: { ...variables, HB_CODE: kept } }
}

const BASH = ['bash', '-euo', 'pipefail', '-c']
/**
 * Notes what failed, where, and how each part of a pipe ended; of subshells, too, whose notes do not count. What ends the block without
 * being a failure to bash, such as `exit 1`, is noted at the end, when its line is not known any more.
 */
const TRAP = `set -E; trap 'printf "%s\\0" "$?" "$LINENO" "\${PIPESTATUS[*]}" "$((BASHPID == $$))" "$BASH_COMMAND" >> "$HB_FOLDER/failed"' ERR; trap 'case $? in 0) ;; *) printf "%s\\0" "$?" 0 "" end "$BASH_COMMAND" >> "$HB_FOLDER/failed" ;; esac' EXIT`

/** What a bash block said by `hb`, told one by one, and how it ended. `tail` is the end of what it wrote to stderr. */
export function readBashResult(
  request: BlockRequest,
  ended: ProgramEnd,
  tail: string,
  tell: (report: Report) => void,
): BlockResult {
  let result: Meant | undefined
  for (const [verb = '', first = '', second = '', third] of readWords(join(request.place.folder, 'said'))) {
    const meant = MEANINGS.get(verb)?.(first, second, third)
    if (meant && 'type' in meant) tell(meant)
    else result ??= meant
  }
  if (result || ('code' in ended && ended.code === 0)) {
    const output = readStepValues(join(request.place.folder, 'output'))
    if ('error' in output)
      return { status: 'failed', error: { ...output.error, ...findOnly(request, /\bSTEP_OUTPUT\b/) } }
    return { ...(result ?? { status: 'passed' }), ...output }
  }
  const [, unbound] = /(\bSTEP_\w+): unbound variable\s*$/.exec(tail) ?? []
  const missing = unbound && nameStep(unbound, request)
  if (missing) return { status: 'blocked', reason: `the step ${missing} gave no value`, begun: true }
  const failed = 'code' in ended ? findFailed(request, ended.code) : undefined
  const command = failed && tail.trim() === '' ? `: ${failed.said}` : ''
  const place = findLine(request, tail) ?? failed?.place
  return { status: 'failed', error: { message: `bash ${describeEnd(ended)}${command}`, ...place } }
}

type Meant = Extract<BlockResult, { status: 'ruled-out' | 'skipped' }>
type Meaning = (first: string, second: string, third: string | undefined) => Report | Meant | undefined

/** What each verb of `hb` means to the run. */
const VERBS: Readonly<Record<ShellVerbName, Meaning>> = {
  suggest: (step, why) => ({ type: 'suggested', step, why }),
  'rule-out': reason => ({ status: 'ruled-out', reason }),
  skip: reason => ({ status: 'skipped', reason }),
  evidence: (name, file, problem) =>
    problem === undefined ? { type: 'evidence', name, file } : { type: 'evidence', name, problem },
  // Performed at once, by the program itself.
  service: () => undefined,
  silence: report => ({ type: 'silenced', silence: JSON.parse(report) }),
}
const MEANINGS = new Map<string, Meaning>(Object.entries(VERBS))

/** The command that ended the block with this code, as far as bash noted one: `exit` leaves none. */
function findFailed(
  { place: { folder }, lines, code: text }: BlockRequest,
  code: number,
): { readonly said: string; readonly place: Place | undefined } | undefined {
  const words = read(join(folder, 'failed')).split('\0')
  const notes = Array.from({ length: Math.floor(words.length / 5) }, (_, at) => words.slice(5 * at, 5 * at + 5))
  const isOfCode = ([status]: readonly string[]) => status === String(code)
  const failed = notes.findLast(([, , , own]) => own === '1')
  // Bash does not note a subshell: where there is one, the command that was noted may be one before it.
  const isCertain = (command: string) => /^exit\b/.test(command) || !/(?<!\$)\(/.test(text)
  const ending = notes.find(([, , , own, command = '']) => own === 'end' && isCertain(command))
  const note = [failed, ending].find(one => one && isOfCode(one))
  if (!note) return undefined
  const [, line, parts = '', own, command = ''] = note
  const ends = parts.split(' ')
  const [first = ''] = command.split('\n')
  const shown = first.length < command.length || first.length > 120 ? `${first.slice(0, 120)}…` : first
  const said =
    ends.length > 1 ? `a pipe with ${shown}, whose parts gave ${ends.map(Number).map(nameCode).join(', ')}` : shown
  const has = new RegExp(`(?<![\\w$-])${first.replace(/[^\w\s]/g, '\\$&').replace(/\s+/g, '\\s+')}(?![\\w-])`)
  const place = own === 'end' ? findOnly({ code: text, lines }, has) : lines.find(place => place.line === Number(line))
  return { said, place }
}

/** The page's line that bash itself complained of last; of what `eval` cannot read it may not tell, and then there may be but one. */
function findLine({ file, lines, code }: BlockRequest, tail: string): { line: number; column: number } | undefined {
  const said = tail.split('\n').filter(text => text.startsWith(`${file}: `))
  const numbers = said.flatMap(text => /^(?:[a-z -]+: )?line (\d+):/.exec(text.slice(file.length + 2))?.[1] ?? [])
  const line = Number(numbers.at(-1))
  if (numbers.length > 0) return lines.find(place => place.line === line)
  if (!said.some(text => text.startsWith(`${file}: syntax error`))) return undefined
  return findOnly({ code, lines }, /\beval\b/)
}

/** The place of the one line that has this; nothing when several have. */
function findOnly({ code, lines }: Pick<BlockRequest, 'code' | 'lines'>, wanted: RegExp): Place | undefined {
  const found = code.split('\n').flatMap((text, index) => (wanted.test(text) ? (lines[index] ?? []) : []))
  return found.length === 1 ? found[0] : undefined
}

/** The words that `hb` wrote: for each call their number, then the words, each ended by NUL. */
function readWords(path: string): string[][] {
  const words = read(path).split('\0')
  const calls: string[][] = []
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at])
    if (!Number.isInteger(count)) break
    calls.push(words.slice(at + 1, at + 1 + count))
    at += 1 + count
  }
  return calls
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A read without a default: `$STEP_A_B`, `${STEP_A_B}`, `${#STEP_A_B}`, `${STEP_A_B%x}`, but not `${STEP_A_B:-0}`. */
const READ = /\$(?:(STEP_\w+)|\{[#!]?(STEP_\w+)(?!\w|:?[-+=?]))/g

/**
 * The step whose value a bash block is going to read, although that step gave none. Known before anything runs, so that a
 * change is not left half done; what this overlooks, bash itself finds when it gets there (`set -u`).
 */
function findMissingStep(request: BlockRequest): string | undefined {
  for (const [, bare, braced] of withoutQuotes(request.code).matchAll(READ)) {
    const missing = nameStep(bare ?? braced ?? '', request)
    if (missing) return missing
  }
  return undefined
}

/** The step without a value that a variable speaks of, if it does. */
function nameStep(variable: string, { steps, values, variables }: BlockRequest): string | undefined {
  if (variable === 'STEP_OUTPUT' || Object.hasOwn(variables, variable)) return undefined
  return steps
    .filter(id => variable.startsWith(`STEP_${toVariable(id)}_`) && !Object.hasOwn(values, id))
    .toSorted((a, b) => b.length - a.length)[0]
}

/** The code without its comments and what stands in single quotes. */
function withoutQuotes(code: string): string {
  return code.replace(/(^|\s)#.*$|'[^']*'/gm, '$1')
}
