import { createRequire } from 'node:module'
import type { BlockRequest } from './protocol.ts'

let prepare: ((request: BlockRequest) => void) | undefined

/** Loads what ts blocks need, once: zx's globals and the compiler. The answer sets zx up for one block. */
export function warmTypeScript(): (request: BlockRequest) => void {
  prepare ??= load()
  return prepare
}

function load(): (request: BlockRequest) => void {
  const load = createRequire(__filename)
  load('zx/globals')
  load('oxc-transform')
  const { $, defaults }: typeof import('zx') = load('zx')
  return ({ variables, cwd }) => {
    // A block's environment is the allow-list that the runner made, not what the worker was started with.
    for (const name of Object.keys(process.env)) delete process.env[name]
    Object.assign(process.env, variables)
    Object.assign($, defaults, { env: process.env, cwd, verbose: true, log: show })
  }
}

/** What zx tells of a command: the command itself on stderr, what it prints where it printed it. */
function show(entry: import('zx').LogEntry): void {
  if (!('verbose' in entry) || !entry.verbose) return
  if (entry.kind === 'cmd') process.stderr.write(`$ ${entry.cmd}\n`)
  else if (entry.kind === 'stdout') process.stdout.write(entry.data)
  else if (entry.kind === 'stderr') process.stderr.write(entry.data)
}
