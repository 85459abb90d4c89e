import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BlockRequest } from '../protocol.ts'
import { follow, followCommands } from './follow.ts'

/** The globals of zx that are not in its core. Loading them all takes as long as node itself, so each is loaded when it is used. */
const LATER = [
  'VERSION',
  'YAML',
  'argv',
  'dotenv',
  'echo',
  'expBackoff',
  'fetch',
  'fs',
  'glob',
  'globby',
  'minimist',
  'nothrow',
  'parseArgv',
  'quiet',
  'retry',
  'sleep',
  'spinner',
  'stdin',
  'tempdir',
  'tempfile',
  'tmpdir',
  'tmpfile',
  'updateArgv',
  'version',
  'versions',
] as const

/** What of zx's core may take its time, or changes what is around a block. */
const FOLLOWED_CORE = ['cd', 'kill', 'ps', 'which', 'within'] as const

/** Likewise, of what comes when it is used. */
const FOLLOWED_LATER = new Set<string>(['fetch', 'fs', 'glob', 'globby', 'retry', 'sleep', 'spinner', 'stdin'])

/** Runs a block's code with the globals and settings that blocks have. */
export type Surround = (request: BlockRequest, run: () => Promise<unknown>) => Promise<unknown>

/** Sets this process up for ts blocks, once. `give` gives a block its globals: those of zx, and `expect`. */
export function warmTypeScript(): { readonly surround: Surround; readonly give: () => void } {
  const load = createRequire(__filename)
  const core: typeof import('zx/core') = load('zx/core')
  followCommands(core)
  const { fetch } = globalThis
  const loadZx = (): typeof import('zx') => {
    // zx's own fetch stands on the one that it finds while it is loaded: that must be node's, not the one that loads zx.
    const later = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
    Object.defineProperty(globalThis, 'fetch', { value: fetch, writable: true, configurable: true, enumerable: true })
    const zx: typeof import('zx') = load('zx')
    if (later) Object.defineProperty(globalThis, 'fetch', later)
    return zx
  }
  const give = () => {
    Object.assign(globalThis, core)
    for (const name of FOLLOWED_CORE) Object.assign(globalThis, { [name]: follow(name, core[name]) })
    for (const name of LATER) {
      defineLater(name, () => (FOLLOWED_LATER.has(name) ? follow(name, loadZx()[name]) : loadZx()[name]))
    }
    defineLater('question', () => async () => {
      throw new Error('question() asks in a terminal, and a step has no terminal')
    })
    defineLater('expect', () => require('expect').expect)
  }
  const surround: Surround = ({ variables, cwd }, run) => {
    // A block's environment is the allow-list that the runner made, not what the worker was started with.
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, variables)
    Object.assign(globalThis, { require: createRequire(join(cwd, 'block.ts')) })
    const { $, cd, within, useBash } = core
    // What a block sets on `$` ends with it.
    return within(() => {
      useBash()
      Object.assign($, { env: process.env, verbose: true, log: show })
      cd(cwd)
      return run()
    })
  }
  return { surround, give }
}

function defineLater(name: string, load: () => unknown): void {
  const set = (value: unknown) =>
    void Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
  Object.defineProperty(globalThis, name, {
    get() {
      const value = load()
      set(value)
      return value
    },
    set,
    configurable: true,
    enumerable: true,
  })
}

/** What zx tells of a command: the command itself on stderr, what it prints where it printed it. */
function show(entry: import('zx/core').LogEntry): void {
  if (!('verbose' in entry) || !entry.verbose) return
  if (entry.kind === 'cmd') process.stderr.write(`$ ${entry.cmd}\n`)
  else if (entry.kind === 'stdout') process.stdout.write(entry.data)
  else if (entry.kind === 'stderr') process.stderr.write(entry.data)
}
