import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from 'citty'
import type { ControlContext } from './context.ts'
import { wrongUsage } from './control-error.ts'
import { runAudited } from './run-audited.ts'

/** A command of bridgectl before it knows where it runs. */
export interface ControlCommand<T extends ArgsDef> {
  readonly name: string
  readonly description: string
  readonly examples: readonly string[]
  readonly args: T
  /** Changes something, and so is written to the audit trail. */
  readonly changes?: true
  run(args: ParsedArgs<T & typeof commonArgs>, context: ControlContext): Promise<void>
}

/** Options that every command has. */
export const commonArgs = {
  config: {
    type: 'string',
    valueHint: 'file',
    description:
      'The deployment’s configuration (or UPLOAD_BRIDGE_CONFIG); base.yaml:more.yaml lays one over the other',
  },
  json: { type: 'boolean', description: 'Print JSON for scripts' },
} as const satisfies ArgsDef

/** What `--help` shows besides citty’s own. */
export interface WithExamples {
  readonly examples: readonly string[]
}

/** Makes a citty command that refuses what it does not know: a misspelt option must never be ignored. */
export function defineControlCommand<const T extends ArgsDef>(
  context: ControlContext,
  command: ControlCommand<T>,
): CommandDef<T & typeof commonArgs> & WithExamples {
  const args: T & typeof commonArgs = { ...command.args, ...commonArgs }
  const definition = defineCommand({
    meta: { name: `bridgectl ${command.name}`, description: command.description },
    args,
    run: ({ args: given }) => {
      rejectUnknown(given, args)
      rejectRepeatedConfig(context.arguments)
      return command.changes
        ? runAudited(context, command.name, given, () => command.run(given, context))
        : command.run(given, context)
    },
  })
  return { ...definition, examples: command.examples }
}

function rejectUnknown(given: { readonly _: readonly string[] }, known: ArgsDef): void {
  const unknown = Object.keys(given).find(
    name => name !== '_' && !(name in known) && !(camelCase(name) in known) && !(kebabCase(name) in known),
  )
  if (unknown !== undefined) throw wrongUsage(`unknown option --${unknown}`)
  const positionals = Object.values(known).filter(arg => arg.type === 'positional').length
  const surplus = given._[positionals]
  if (surplus !== undefined) throw wrongUsage(`unexpected argument ${surplus}`)
}

// Of an option given twice the last one would win in silence.
function rejectRepeatedConfig(words: readonly string[]): void {
  if (words.filter(word => /^--config(=|$)/.test(word)).length > 1) {
    throw wrongUsage('--config is given twice; say --config base.yaml:more.yaml to lay one over the other')
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
