import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type ArgsDef, type CommandDef, runCommand, type SubCommandsDef } from 'citty'
import { formatJson } from '../base/index.ts'
import type { Executor } from '../execute/index.ts'
import { guess, UsageError } from '../operate/index.ts'
import { checkArguments, countPositionals } from './check-arguments.ts'
import { formatFailure, type NamedCommand } from './choose-format.ts'
import { formatKnown, readKnown } from './known-errors.ts'
import { BUNDLES } from './paths.ts'
import { complain, paint, print } from './print.ts'
import { startEarly } from './start-early.ts'

/** Every command. Each is loaded when it is needed. */
const COMMANDS: SubCommandsDef = {
  run: () => import('./commands/run.ts').then(module => module.run),
  show: () => import('./commands/show.ts').then(module => module.show),
  list: () => import('./commands/list.ts').then(module => module.list),
  runs: () => import('./commands/runs.ts').then(module => module.runs),
  incident: () => import('./commands/incident.ts').then(module => module.incident),
  doctor: () => import('./commands/doctor.ts').then(module => module.doctor),
  check: () => import('./commands/check.ts').then(module => module.check),
  alerts: () => import('./commands/alerts.ts').then(module => module.alerts),
  new: () => import('./commands/new.ts').then(module => module.newPage),
  drill: () => import('./commands/drill.ts').then(module => module.drill),
  practise: () => import('./commands/practise.ts').then(module => module.practiseCommand),
  assess: () => import('./commands/assess.ts').then(module => module.assessCommand),
  prove: () => import('./commands/prove.ts').then(module => module.proveCommand),
  audit: () => import('./commands/audit.ts').then(module => module.auditCommand),
  pack: () => import('./commands/pack.ts').then(module => module.packCommand),
  lab: () => import('./commands/lab.ts').then(module => module.labCommand),
  serve: () => import('./commands/serve.ts').then(module => module.serve),
  // Called by a server, and by nobody else: no help lists it.
  runner: () => import('./commands/runner.ts').then(module => module.runner),
}

const HELP = `Operations handbook: pages that are read, run and proven

Usage: handbook COMMAND [ARGUMENTS]

  run       Run a procedure
  show      Read a page in the terminal
  list      Find a procedure
  doctor    Look whether a page can be run here and now
  runs      What was run before
  incident  Declare an incident, and work it with others
  check     Validate pages
  new       Start a page
  alerts    What fires now; compare alert rules with pages
  drill     Prove runbooks against real faults
  assess    Score a deployment's readiness for production
  prove     Show that no step says what it could not see
  audit     Who did what that somebody looks at later
  serve     The live site: what fires, and runs in the browser
  pack      The site as a folder, for when everything is down
  lab       The practice deployment
  practise  Be paged in it: it breaks, and you heal it

  handbook COMMAND --help describes each of them; --version says which this is.

Paged? Give the alert's name:  handbook run ALERT
Practise:                      handbook practise --surprise
`

/** Performs a command line. Returns the exit code: 2 for wrong usage, 3 for what is refused, else the command's own. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = watchOutput()
  const code = await perform(argv)
  const problem = await output.settle()
  if (problem === undefined) return code
  complain(`${paint.red('✗')} The output could not be written: ${problem}\n`)
  return code === 0 ? 1 : code
}

async function perform(argv: readonly string[]): Promise<number> {
  let command: NamedCommand = { title: 'handbook' }
  try {
    return await dispatch(argv, found => {
      command = found
    })
  } catch (error) {
    const known = readKnown(error)
    if (known) {
      complain(formatKnown(known))
      process.stdout.write(formatFailure(command, argv, known) ?? '')
      return known.exitCode
    }
    complain(
      `${paint.red('This is a defect of the handbook command:')} ${error instanceof Error ? error.stack : error}\n`,
    )
    return 1
  }
}

/** Performs a command line. Calls `named` as soon as it is known which command is meant. */
async function dispatch([name, ...rest]: readonly string[], named: (command: NamedCommand) => void): Promise<number> {
  if (name === undefined || isHelp(name) || name === 'help') {
    print(HELP)
    return name === undefined ? 2 : 0
  }
  if (isVersion(name)) {
    print(describeVersion(rest.includes('--json')))
    return 0
  }
  const early = name === 'run' ? startEarly(rest) : undefined
  try {
    return await start(name, rest, early, named)
  } finally {
    await early?.close()
  }
}

async function start(
  name: string,
  rest: readonly string[],
  early: Executor | undefined,
  named: (command: NamedCommand) => void,
): Promise<number> {
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
  const { run, subCommands: commands } = command
  const below = run === undefined ? await resolve(commands) : undefined
  named(below ? { title } : { title, options: known })
  const asked = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).some(isHelp)
  if (asked || below) {
    const { formatHelp } = await import('./format-help.ts')
    const meta = await resolve(command.meta)
    const text = formatHelp(title, meta?.description ?? '', known, await resolveAll((await resolve(commands)) ?? {}), {
      runsAlone: run !== undefined,
    })
    if (asked) print(text)
    else {
      complain(text)
      const failure = { message: `${title} needs a command`, hint: `See ${title} --help`, exitCode: 2 }
      process.stdout.write(formatFailure({ title }, args, failure) ?? '')
    }
    return asked ? 0 : 2
  }
  checkArguments(title, args, known)
  process.exitCode = 0
  demandArguments(title, args, known)
  const { subCommands: _, ...alone } = command
  const { result } = await runCommand(alone, { rawArgs: [...args], data: early })
  return typeof result === 'number' ? result : Number(process.exitCode ?? 0)
}

/**
 * Watches for output that is lost. A reader may stop reading, as in `| head`: that is no error. But output that cannot be written, as on
 * a full disk, is lost. `settle` waits until everything is written, and returns why something was not.
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
      // A stream reports an error only after the write that failed.
      await new Promise(resolve => setImmediate(resolve))
      return problem
    },
  }
}

/** Throws a `UsageError` when an argument is missing. The hint says which command lists pages or runs. */
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

function isVersion(word: string): boolean {
  return word === '--version' || word === '-V' || word === 'version'
}

/** Which version this is, and when it was built: what a lab may be older than. */
function describeVersion(json: boolean): string {
  const file = join(BUNDLES, '..', 'package.json')
  const { version = 'of an unknown version' } = readPackage(file)
  const built = statSync(join(BUNDLES, 'handbook.cjs'), { throwIfNoEntry: false })?.mtime.toISOString()
  if (json) return `${formatJson({ version, built, node: process.versions.node })}\n`
  return `handbook ${version}${built === undefined ? '' : `, built ${built.slice(0, 16).replace('T', ' ')} UTC`}, node ${process.versions.node}\n`
}

function readPackage(file: string): { readonly version?: string } {
  try {
    const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(file, 'utf8'))
    return typeof version === 'string' ? { version } : {}
  } catch {
    return {}
  }
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

async function resolve<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>)): Promise<T> {
  return value instanceof Function ? value() : value
}
