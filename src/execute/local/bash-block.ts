import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place, ShellVerbName } from '../../procedure/index.ts'
import type { BlockRequest, BlockResult, Report } from '../protocol.ts'
import { findMissingStep, nameStep } from './missing-step.ts'
import { describeEnd, type ProgramEnd } from './program.ts'
import { readStepOutput } from './step-output.ts'

/** The longest word that a command line or the environment can hold, less what the kernel puts beside it. */
const WORD_LIMIT = 120_000

/** The command that runs a bash block, to the letter, with `set -euo pipefail` on; or why it cannot run. */
export function prepareBash(
  request: BlockRequest,
): { readonly command: readonly string[]; readonly variables: Record<string, string> } | BlockResult {
  const missing = findMissingStep(request)
  if (missing) return { status: 'blocked', reason: `the step ${missing} gave no value`, begun: false }
  const { code, lines, file, folder } = request
  const variables: Record<string, string> = { STEP_OUTPUT: join(folder, 'output') }
  for (const [name, value] of Object.entries(request.variables)) {
    if (Buffer.byteLength(value) + name.length < WORD_LIMIT) variables[name] = value
    else if (new RegExp(`\\b${name}\\b`).test(code)) {
      const reason = `$${name} has ${value.length} characters: too long for a variable. Hand it over as a file`
      return { status: 'blocked', reason, begun: false }
    }
  }
  // Empty lines before the code make bash speak of the page's own lines.
  const script = '\n'.repeat(Math.max(0, (lines[0]?.line ?? 1) - 1)) + code
  if (Buffer.byteLength(script) < WORD_LIMIT) return { command: [...BASH, script, file], variables }
  const kept = join(folder, 'code')
  writeFileSync(kept, script)
  return { command: [...BASH, 'eval "$(<"$HB_CODE")"', file], variables: { ...variables, HB_CODE: kept } }
}

const BASH = ['bash', '-euo', 'pipefail', '-c']

/** What a bash block said by `hb`, told one by one, and how it ended. `tail` is the end of what it wrote to stderr. */
export function readBashResult(
  request: BlockRequest,
  ended: ProgramEnd,
  tail: string,
  tell: (report: Report) => void,
): BlockResult {
  let result: BlockResult | undefined
  for (const [verb = '', first = '', second = '', third] of readWords(join(request.folder, 'said'))) {
    const meant = MEANINGS.get(verb)?.(first, second, third)
    if (meant && 'type' in meant) tell(meant)
    else result ??= meant
  }
  if (result) return result
  if ('code' in ended && ended.code === 0) {
    const output = readStepOutput(join(request.folder, 'output'))
    if ('error' in output)
      return { status: 'failed', error: { ...output.error, ...findOnly(request, /\bSTEP_OUTPUT\b/) } }
    return { status: 'passed', ...output }
  }
  const [, unbound] = /(\bSTEP_\w+): unbound variable\s*$/.exec(tail) ?? []
  const missing = unbound && nameStep(unbound, request)
  if (missing) return { status: 'blocked', reason: `the step ${missing} gave no value`, begun: true }
  return { status: 'failed', error: { message: `bash ${describeEnd(ended)}`, ...findLine(request, tail) } }
}

type Meaning = (first: string, second: string, third: string | undefined) => Report | BlockResult | undefined

/** What each verb of `hb` means to the run. */
const VERBS: Readonly<Record<ShellVerbName, Meaning>> = {
  suggest: (step, why) => ({ type: 'suggested', step, why }),
  'rule-out': reason => ({ status: 'ruled-out', reason }),
  skip: reason => ({ status: 'skipped', reason }),
  evidence: (name, file, problem) =>
    problem === undefined ? { type: 'evidence', name, file } : { type: 'evidence', name, problem },
  // Performed at once, by the program itself.
  service: () => undefined,
}
const MEANINGS = new Map<string, Meaning>(Object.entries(VERBS))

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
