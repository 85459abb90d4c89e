import { renderUsage, runCommand, type SubCommandsDef } from 'citty'
import pc from 'picocolors'
import { checkArguments } from './check-arguments.ts'
import { UsageError } from './usage-error.ts'

/** Every command, loaded when it is asked for. */
const COMMANDS: SubCommandsDef = {
  run: () => import('./commands/run.ts').then(module => module.run),
  show: () => import('./commands/show.ts').then(module => module.show),
  list: () => import('./commands/list.ts').then(module => module.list),
  runs: () => import('./commands/runs.ts').then(module => module.runs),
  check: () => import('./commands/check.ts').then(module => module.check),
  drill: () => import('./commands/drill.ts').then(module => module.drill),
  lab: () => import('./commands/lab.ts').then(module => module.lab),
}

const HELP = `The Upload Bridge operations handbook

Usage: handbook COMMAND [ARGUMENTS]

  run      Run a procedure
  show     Read a page in the terminal
  list     Find a procedure
  runs     What was run before
  check    Validate pages
  drill    Prove runbooks against real faults
  lab      The practice deployment

  handbook COMMAND --help tells more of each.

Paged? Give the alert's name:  handbook run UploadBridgeStorageFilling
Practise:                      handbook lab up
`

/** Runs the command line and gives its exit code: 2 for wrong usage, else what the command says. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv)
  } catch (error) {
    if (error instanceof UsageError || (error instanceof Error && error.name === 'CLIError')) {
      const hint = error instanceof UsageError ? error.hint : undefined
      process.stderr.write(`${pc.red('✗')} ${error.message}\n${hint ? `  ${hint}\n` : ''}`)
      return 2
    }
    process.stderr.write(
      `${pc.red('This is a defect of the handbook command:')} ${error instanceof Error ? error.stack : error}\n`,
    )
    return 1
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP)
    return name === undefined ? 2 : 0
  }
  const known = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (known === undefined)
    throw new UsageError(`There is no command ${name}`, `Commands: ${Object.keys(COMMANDS).join(', ')}`)
  let command = await resolve(known)
  let title = `handbook ${name}`
  let args = rest
  let parent: typeof command | undefined
  const subCommands = await resolve(command.subCommands)
  const [first] = args
  if (subCommands && first !== undefined && !first.startsWith('-')) {
    const sub = Object.hasOwn(subCommands, first) ? await resolve(subCommands[first]) : undefined
    if (!sub) throw new UsageError(`${title} has no ${first}`, `It has: ${Object.keys(subCommands).join(', ')}`)
    parent = command
    command = sub
    title = `${title} ${first}`
    args = args.slice(1)
  }
  if (args.includes('--help') || args.includes('-h') || (subCommands && !parent)) {
    process.stdout.write(`${await renderUsage(command, parent ?? { meta: { name: 'handbook' } })}\n`)
    return args.includes('--help') || args.includes('-h') ? 0 : 2
  }
  checkArguments(title, args, (await resolve(command.args)) ?? {})
  process.exitCode = 0
  const { result } = await runCommand(command, { rawArgs: [...args] })
  return typeof result === 'number' ? result : Number(process.exitCode ?? 0)
}

async function resolve<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>)): Promise<T> {
  return value instanceof Function ? value() : value
}
