import { createHash } from 'node:crypto'
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs'
import { extname, relative, resolve } from 'node:path'
import { findProgram } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Sight } from '../make-request.ts'

/** Folders of the system's own programs: its package manager looks after them. */
const SYSTEM = /^\/(?:usr\/)?s?bin\/|^\/(?:usr\/)?lib(?:exec|32|64)?\//

/** Names of programs that run the file behind them. */
const RUNS_A_FILE = /^(?:(?:ba|da|k|z)?sh|source|\.|node|deno|bun|perl|ruby|python[\d.]*|psql|awk|sed|-f)$/
const SCRIPTS = ['.sh', '.bash', '.js', '.cjs', '.mjs', '.ts', '.mts', '.py', '.pl', '.rb', '.sql', '.awk', '.jq']

/** The largest file that is read, in bytes; a larger one is known by its size and time. */
const LIMIT = 64 << 20
/** The largest script that is searched for the scripts that it calls, and the most files that are looked at. */
const TEXT_LIMIT = 1 << 20
const MOST = 200

/**
 * The scripts and own commands that a block calls, and those that they call, each with its SHA-256. They are found in the text, so that
 * what only a variable of the script itself names is overlooked. A script that is not there is named, too: it may come.
 */
export function hashWhatRuns(step: Step, { variables, services }: Sight, cwd: string): Record<string, string> {
  const found: Record<string, string> = {}
  const seen = new Set<string>()
  const search = (text: string, folders: readonly string[]) => {
    for (const [before, word] of listWords(text, variables)) {
      for (const file of locate(word, RUNS_A_FILE.test(before), folders, variables)) {
        if (seen.has(file) || seen.size >= MOST) continue
        seen.add(file)
        const { hash, script } = read(file)
        if (hash !== undefined) found[nameFile(file, cwd)] = hash
        if (script !== undefined) search(script, [cwd, resolve(file, '..')])
      }
    }
  }
  if (step.block.file !== undefined) {
    const file = resolve(cwd, step.block.file)
    seen.add(file)
    found[step.block.file] = read(file).hash ?? ABSENT
  }
  search(step.block.code, [cwd])
  for (const actions of Object.values(services)) for (const command of Object.values(actions)) search(command, [cwd])
  return found
}

const ABSENT = 'not there'

/** The words of a shell or zx text, each with the one before it; variables that are known stand with their values. */
function listWords(text: string, variables: Readonly<Record<string, string>>): [string, string][] {
  const filled = text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => variables[name] ?? whole)
  const words = filled.split(/[\s"'`;&|()<>{},=]+/).filter(Boolean)
  return words.map((word, at) => [words[at - 1] ?? '', word])
}

/** The files that a word may mean: a path, a script in one of the folders, a command. */
function locate(
  word: string,
  runs: boolean,
  folders: readonly string[],
  { PATH, HOME = '/' }: Readonly<Record<string, string>>,
): string[] {
  if (!/^[\w~./@+-]*[\w]$/.test(word) || word.startsWith('-')) return []
  const named = runs || SCRIPTS.includes(extname(word))
  const files = folders.map(folder => resolve(folder, word.replace(/^~(?=\/)/, HOME)))
  const there = files.filter(file => isFile(file) && (named || isProgram(file)) && !isOfSystem(file))
  if (there.length > 0) return there
  const command = word.includes('/') ? undefined : findProgram([word], PATH)
  if (command !== undefined) return isOfSystem(command) || !isFile(command) ? [] : [command]
  return SCRIPTS.includes(extname(word)) ? files.slice(0, 1) : []
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isOfSystem(file: string): boolean {
  try {
    return SYSTEM.test(realpathSync(file))
  } catch {
    return false
  }
}

function read(file: string): { readonly hash?: string; readonly script?: string } {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) return { hash: ABSENT }
  if (stat.size > LIMIT) return { hash: `${stat.size} bytes of ${stat.mtime.toISOString()}` }
  try {
    const bytes = readFileSync(file)
    const hash = createHash('sha256').update(bytes).digest('hex')
    return bytes.length > TEXT_LIMIT || bytes.includes(0) ? { hash } : { hash, script: bytes.toString('utf8') }
  } catch {
    return { hash: 'cannot be read' }
  }
}

function nameFile(file: string, cwd: string): string {
  const inside = relative(cwd, file)
  return inside.startsWith('..') ? file : inside
}
