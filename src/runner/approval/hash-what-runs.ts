import { createHash } from 'node:crypto'
import { accessSync, constants, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, extname, relative, resolve } from 'node:path'
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
 * The scripts and own commands that a block calls, and those that they call, each with its SHA-256; the nearest come first. They are found
 * in the text, so that what only a variable of the script itself names is overlooked. A script that is not there is named, too: it may come.
 */
export function hashWhatRuns(step: Step, { variables, services }: Sight, cwd: string): Record<string, string> {
  const found: Record<string, string> = {}
  const seen = new Set<string>()
  const programs = listPrograms(variables.PATH)
  const handbook = findProgram(['hb'], variables.PATH)
  const ours = handbook === undefined ? undefined : dirname(realpathSync(handbook))
  if (step.block.file !== undefined) {
    const file = resolve(cwd, step.block.file)
    seen.add(file)
    found[step.block.file] = read(file).hash ?? ABSENT
  }
  const commands = Object.values(services).flatMap(actions => Object.values(actions))
  const texts = [step.block.code, ...commands].map(text => ({ text, folders: [cwd] }))
  for (const { text, folders } of texts) {
    for (const [before, word] of listWords(text, variables)) {
      for (const file of locate(word, RUNS_A_FILE.test(before), folders, variables, programs)) {
        if (seen.has(file)) continue
        if (seen.size >= MOST) return { ...found, more: `only the first ${MOST} files are looked at` }
        seen.add(file)
        const { hash, script } = read(file)
        if (hash !== undefined) found[nameFile(file, cwd)] = hash
        // Our own commands are hashed, and not searched for further files: all that a block tells them stands in the block.
        const isOurs = hash !== ABSENT && ours !== undefined && dirname(realpathSync(file)) === ours
        if (script !== undefined && !isOurs) texts.push({ text: script, folders: [cwd, resolve(file, '..')] })
      }
    }
  }
  return found
}

/** The names of all programs on a path, so that a word that is none needs no look into each folder. */
function listPrograms(path = ''): ReadonlySet<string> {
  const list = (folder: string) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  }
  return new Set(path.split(delimiter).filter(Boolean).flatMap(list))
}

const ABSENT = 'not there'

/** The words of a shell or zx text, each once with a word before it; variables that are known stand with their values. */
function listWords(text: string, variables: Readonly<Record<string, string>>): [string, string][] {
  const filled = text.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => variables[name] ?? whole)
  const words = filled.split(/[\s"'`;&|()<>{},=]+/).filter(Boolean)
  const pairs = words.map((word, at): [string, string] => [words[at - 1] ?? '', word])
  return [...new Map(pairs.map(pair => [`${RUNS_A_FILE.test(pair[0])} ${pair[1]}`, pair])).values()]
}

/** The files that a word may mean: a path, a script in one of the folders, a command. */
function locate(
  word: string,
  runs: boolean,
  folders: readonly string[],
  { PATH, HOME = '/' }: Readonly<Record<string, string>>,
  programs: ReadonlySet<string>,
): string[] {
  if (!/^[\w~./@+-]*[\w]$/.test(word) || word.startsWith('-')) return []
  const named = runs || SCRIPTS.includes(extname(word))
  const files = folders.map(folder => resolve(folder, word.replace(/^~(?=\/)/, HOME)))
  const there = files.filter(file => isFile(file) && (named || isProgram(file)) && !isOfSystem(file))
  if (there.length > 0) return there
  const command = programs.has(word) ? findProgram([word], PATH) : undefined
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
