import { type ArgsDef, type CommandDef, runCommand, type SubCommandsDef } from 'citty'
import pc from 'picocolors'
import type { Executor } from '../execute/index.ts'
import { guess, UsageError } from '../operate/index.ts'
import { checkArguments, countPositionals } from './check-arguments.ts'
import { complain, print } from './print.ts'
import { startEarly } from './start-early.ts'

/** Every command, loaded when it is asked for. */
const COMMANDS: SubCommandsDef = {
  run: () => import('./commands/run.ts').then(module => module.run),
  show: () => import('./commands/show.ts').then(module => module.show),
  list: () => import('./commands/list.ts').then(module => module.list),
  runs: () => import('./commands/runs.ts').then(module => module.runs),
  check: () => import('./commands/check.ts').then(module => module.check),
  alerts: () => import('./commands/alerts.ts').then(module => module.alerts),
  new: () => import('./commands/new.ts').then(module => module.newPage),
  drill: () => import('./commands/drill.ts').then(module => module.drill),
  assess: () => import('./commands/assess.ts').then(module => module.assess),
  lab: () => import('./commands/lab.ts').then(module => module.lab),
}

const HELP = `Operations handbook: pages that are read, run and proven

Usage: handbook COMMAND [ARGUMENTS]

  run      Run a procedure
  show     Read a page in the terminal
  list     Find a procedure
  runs     What was run before
  check    Validate pages
  new      Start a page
  alerts   Compare alert rules with pages
  drill    Prove runbooks against real faults
  assess   Score a deployment's readiness for production
  lab      The practice deployment

  handbook COMMAND --help describes each of them.

Paged? Give the alert's name:  handbook run ALERT
Practise:                      handbook lab up
`

/** Runs the command line and gives its exit code: 2 for wrong usage, 3 for what is refused, else what the command says. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = watchOutput()
  const code = await perform(argv)
  const problem = await output.settle()
  if (problem === undefined) return code
  complain(`${pc.red('✗')} The output could not be written: ${problem}\n`)
  return code === 0 ? 1 : code
}

async function perform(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv)
  } catch (error) {
    const known = readKnown(error)
    if (known) {
      complain(`${pc.red('✗')} ${known.message}\n${known.hint ? `  ${known.hint}\n` : ''}`)
      return known.code
    }
    complain(`${pc.red('This is a defect of the handbook command:')} ${error instanceof Error ? error.stack : error}\n`)
    return 1
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || isHelp(name) || name === 'help') {
    print(HELP)
    return name === undefined ? 2 : 0
  }
  const early = name === 'run' ? startEarly(rest) : undefined
  try {
    return await start(name, rest, early)
  } finally {
    await early?.close()
  }
}

async function start(name: string, rest: readonly string[], early: Executor | undefined): Promise<number> {
  let command = await find(COMMANDS, name, `There is no command ${name}`)
  let title = `handbook ${name}`
  let args = rest
  const subCommands = await resolve(command.subCommands)
  const [first] = args
  if (subCommands && first !== undefined && !first.startsWith('-')) {
    command = await find(subCommands, first, `${title} has no ${first}`)
    title = `${title} ${first}`
    args = args.slice(1)
  }
  const known = (await resolve(command.args)) ?? {}
  const below = await resolve(command.subCommands)
  const asked = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).some(isHelp)
  if (asked || below) {
    const { formatHelp } = await import('./format-help.ts')
    const meta = await resolve(command.meta)
    const text = formatHelp(title, meta?.description ?? '', known, await resolveAll(below ?? {}))
    if (asked) print(text)
    else complain(text)
    return asked ? 0 : 2
  }
  checkArguments(title, args, known)
  process.exitCode = 0
  demandArguments(title, args, known)
  const { result } = await runCommand(command, { rawArgs: [...args], data: early })
  return typeof result === 'number' ? result : Number(process.exitCode ?? 0)
}

/**
 * Whoever reads our output may stop reading, as in `| head`: that ends the writing, and nothing else. Output that could not be written
 * otherwise, on a full disk for example, is lost: `settle` waits until all is written, and says why it was not.
 */
function watchOutput(): { readonly settle: () => Promise<string | undefined> } {
  let problem: string | undefined
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') problem ??= error.message
    })
  }
  return {
    async settle() {
      if (process.stdout.writable) await new Promise(resolve => process.stdout.write('', resolve))
      // An error is told after the write that it is about.
      await new Promise(resolve => setImmediate(resolve))
      return problem
    },
  }
}

/** Refuses a command without what it is about; where that is a page or a run, it says what names them. */
function demandArguments(title: string, args: readonly string[], known: ArgsDef): void {
  const wanted = Object.entries(known).flatMap(([name, arg]) =>
    arg.type === 'positional' && arg.required !== false && arg.default === undefined ? name : [],
  )
  const missing = wanted[countPositionals(args, known)]
  if (missing === undefined) return
  const lists: Readonly<Record<string, string>> = { page: 'handbook list', run: 'handbook runs list' }
  const list = lists[missing]
  const hint = `See ${title} --help`
  throw new UsageError(
    `Missing required positional argument: ${missing.toUpperCase()}`,
    list === undefined ? hint : `What there is: ${list}. ${hint}`,
  )
}

async function find(commands: SubCommandsDef, name: string, missing: string): Promise<CommandDef> {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (found === undefined) throw new UsageError(missing, guess(name, Object.keys(commands)))
  return resolve(found)
}

async function resolveAll(commands: SubCommandsDef): Promise<Record<string, CommandDef>> {
  const entries = Object.entries(commands).map(async ([name, command]) => [name, await resolve(command)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** Exit code and message of an error that ends a command, by its class's name: each command is a bundle with classes of its own. */
function readKnown(error: unknown): { code: number; message: string; hint?: string } | undefined {
  if (!(error instanceof Error) || !Object.hasOwn(CODES, error.name)) return undefined
  const known = { code: CODES[error.name] ?? 1, message: error.message }
  return 'hint' in error && typeof error.hint === 'string' ? { ...known, hint: error.hint } : known
}

const CODES: Readonly<Record<string, number>> = { LabError: 1, CLIError: 2, UsageError: 2, RefusedError: 3 }

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

async function resolve<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>)): Promise<T> {
  return value instanceof Function ? value() : value
}
