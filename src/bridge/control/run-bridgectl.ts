import { type ArgsDef, type CommandDef, renderUsage, runCommand } from 'citty'
import { bridgectlExitCodes } from '../exit-codes.ts'
import { createCommands } from './commands.ts'
import { accountHint, ControlError } from './control-error.ts'
import type { WithExamples } from './define-control-command.ts'
import { type ControlContext, messageOf } from './deployment.ts'

/** Runs one command; resolves with one of `bridgectlExitCodes`. */
export async function runBridgectl(context: ControlContext): Promise<number> {
  const root = createCommands(context)
  const rawArgs = commandFirst(context.arguments)
  const command = await findCommand(root, rawArgs)
  if (rawArgs.some(argument => argument === '--help' || argument === '-h')) {
    context.stdout(await renderHelp(command))
    return bridgectlExitCodes.done.code
  }
  try {
    await runCommand(root, { rawArgs })
    return bridgectlExitCodes.done.code
  } catch (error) {
    if ((error instanceof ControlError && error.exitCode === 2) || isUsageMistake(error)) {
      context.stderr(`bridgectl: ${messageOf(error)}\nSee ${await nameOf(command)} --help\n`)
      return bridgectlExitCodes.usage.code
    }
    context.stderr(`bridgectl: ${messageOf(error)}\n`)
    const hint = await accountHint(error)
    if (hint !== undefined) context.stderr(`Hint: ${hint}\n`)
    return bridgectlExitCodes.failed.code
  }
}

// Options that are written before the command belong to it all the same.
function commandFirst(args: readonly string[]): string[] {
  let start = 0
  for (let next = args[start]; next?.startsWith('-'); next = args[start]) {
    start += next === '--config' ? 2 : 1
  }
  return [...args.slice(start), ...args.slice(0, start)]
}

async function renderHelp(command: AnyCommand & Partial<WithExamples>): Promise<string> {
  const examples = (command.examples ?? []).map(example => `  bridgectl ${example}\n`)
  return `${await renderUsage(command)}\n${examples.length === 0 ? '' : `\nEXAMPLES\n\n${examples.join('')}`}`
}

type AnyCommand = CommandDef<ArgsDef>

async function findCommand(command: AnyCommand, [name, ...rest]: readonly string[]): Promise<AnyCommand> {
  const children = await resolve(command.subCommands)
  const child = name === undefined ? undefined : await resolve(children?.[name])
  return child === undefined ? command : findCommand(child, rest)
}

async function nameOf(command: AnyCommand): Promise<string> {
  return (await resolve(command.meta))?.name ?? 'bridgectl'
}

async function resolve<Value>(value: Value | Promise<Value> | (() => Value | Promise<Value>)): Promise<Value> {
  return value instanceof Function ? value() : value
}

function isUsageMistake(error: unknown): boolean {
  return error instanceof Error && error.name === 'CLIError'
}
