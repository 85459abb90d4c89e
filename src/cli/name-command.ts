import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, join, relative, resolve } from 'node:path'
import type { Variables } from '../operate/index.ts'

/** How this command is called where it was called from. */
export interface CalledAs {
  /** What is typed for `handbook`. */
  readonly command: string
  /** What makes `handbook` a command there, when it is none and `command` says `handbook` all the same. */
  readonly alias?: string
}

/** Where this process was called from. */
export interface Call {
  /** The program's file, as it was named. */
  readonly program: string
  readonly cwd: string
  readonly env: Variables
}

/** A longer way to the program is not repeated in every command: an alias is said once. */
const SHORT = 26

/**
 * What to type for `handbook`, so that a printed command can be copied: `handbook` where that is on the path, `npx handbook` under npx, else
 * the way to the program when it is near. When it is far, commands say `handbook`, and an alias makes it one.
 */
export function nameCall({ program, cwd, env }: Call): CalledAs {
  const file = realOf(program)
  const byName = join(file, '..', 'bin', 'handbook')
  if (isOnPath([file, realOf(byName)], env)) return { command: 'handbook' }
  if (env.npm_command === 'exec') return { command: 'npx handbook' }
  const path = basename(program) === 'handbook' ? resolve(cwd, program) : existsSync(byName) ? byName : undefined
  const near = relative(cwd, path ?? program)
  const way = near.length <= SHORT ? (near.includes('/') ? near : `./${near}`) : (path ?? resolve(cwd, program))
  const command = path === undefined ? `node ${quote(way)}` : quote(way)
  return near.length <= SHORT ? { command } : { command: 'handbook', alias: `alias handbook=${quote(command)}` }
}

function isOnPath(programs: readonly string[], { PATH = '', npm_command, npm_lifecycle_event }: Variables): boolean {
  // What npm puts on the path of its scripts is not on that of whoever called it.
  const byNpm = npm_command !== undefined || npm_lifecycle_event !== undefined
  const folders = PATH.split(delimiter).filter(
    folder => folder !== '' && !(byNpm && /node_modules\/\.bin\/?$/.test(folder)),
  )
  for (const folder of folders) {
    const file = join(folder, 'handbook')
    try {
      accessSync(file, constants.X_OK)
      return programs.includes(realOf(file))
    } catch {}
  }
  return false
}

function realOf(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

function quote(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** `handbook`, where a command follows, and the word before does not make it a book. */
const COMMAND =
  /(?<![\w/.-])(?<!\b(?:npx|the|an?|this|your|our|every|each|no) )handbook(?= (?:run|show|list|runs|doctor|check|new|alerts|drill|practise|assess|prove|lab|audit|incident|serve|pack|COMMAND|--version|--help)\b)/g

/** Our own words, with every command in them as it can be typed. `found` hears that there was one. */
export function nameCommands(text: string, command: string, found?: () => void): string {
  return text.replace(COMMAND, () => {
    found?.()
    return command
  })
}
