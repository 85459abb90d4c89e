import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from 'citty'
import { auditFile, listSecretValues } from '../configuration/effective-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'
import { parseDuration } from '../configuration/value-types.ts'
import { isUploadId } from '../storage/layout.ts'
import { findServiceAccount, makeFolder } from '../storage/ownership.ts'
import { createAudit, type WriteAudit } from '../telemetry/audit.ts'
import { createRedact } from '../telemetry/redact.ts'
import { wrongUsage } from './control-error.ts'
import { type ControlContext, messageOf, openDeployment } from './deployment.ts'

/** A command of bridgectl before it knows where it runs. */
interface ControlCommand<T extends ArgsDef> {
  readonly name: string
  readonly description: string
  readonly examples: readonly string[]
  readonly args: T
  /** The command changes something, so it is written to the audit trail. */
  readonly changes?: true
  run(args: ParsedArgs<T & typeof commonArgs>, context: ControlContext): Promise<void>
}

/** Options that every command has. */
const commonArgs = {
  config: {
    type: 'string',
    valueHint: 'file',
    description:
      'The deployment’s configuration (or UPLOAD_BRIDGE_CONFIG); base.yaml:more.yaml lays one over the other',
  },
  json: { type: 'boolean', description: 'Print JSON for scripts' },
} as const satisfies ArgsDef

/** What `--help` shows in addition to citty’s text. */
export interface WithExamples {
  readonly examples: readonly string[]
}

/** Makes a citty command that refuses unknown arguments. A misspelt option must never be ignored. */
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

// If an option were given twice, the last one would win silently.
function rejectRepeatedConfig(words: readonly string[]): void {
  if (words.filter(word => /^--config(=|$)/.test(word)).length > 1) {
    throw wrongUsage('--config is given twice; for several files say --config base.yaml:more.yaml')
  }
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/**
 * Runs a command that changes something. Writes the operator, the arguments and the result to the audit trail. An audit trail that cannot
 * be written is reported on stderr. It does not stop the command, because a full disk must be repairable.
 */
async function runAudited(
  context: ControlContext,
  action: string,
  args: AuditedArguments,
  run: () => Promise<void>,
): Promise<void> {
  const configuration = await openDeployment(context, args)
  // The service must be able to read every file that the command writes there.
  const account = findServiceAccount(configuration)
  if (account !== undefined) makeFolder(configuration.state.path, 0o777, account)
  const audit = openAudit(context, configuration)
  const event = { action, ...subjectOf(action, args) }
  try {
    await run()
  } catch (error) {
    audit({ ...event, outcome: 'failure', message: `bridgectl ${context.arguments.join(' ')}: ${messageOf(error)}` })
    throw error
  }
  audit({ ...event, outcome: 'success', message: `bridgectl ${context.arguments.join(' ')}` })
}

/** The arguments of a command that the audit trail uses. */
interface AuditedArguments {
  readonly config?: string | undefined
  readonly id?: unknown
  readonly reason?: unknown
}

/** Opens the audit trail of a deployment for an operator's commands. */
export function openAudit(context: ControlContext, configuration: Configuration): WriteAudit {
  const audit = createAudit({
    origin: { service: 'bridgectl', version: context.version, environment: configuration.environment },
    file: () => ({ ...auditFile(configuration), isOthers: true, account: findServiceAccount(configuration) }),
    redact: createRedact(listSecretValues(configuration)),
    onFailure: error => context.stderr(`bridgectl: the audit trail cannot be written: ${messageOf(error)}\n`),
  })
  const user = userOf(context)
  return event => audit({ user, ...event })
}

function subjectOf(action: string, { id, reason }: AuditedArguments) {
  const isKey = /^(keys|clients) /.test(action)
  return {
    reason: typeof reason === 'string' ? reason : undefined,
    keyId: isKey && typeof id === 'string' ? id : undefined,
    uploadId: !isKey && typeof id === 'string' && isUploadId(id) ? id : undefined,
  }
}

function userOf({ user }: ControlContext): string {
  try {
    return user()
  } catch {
    return 'unknown'
  }
}

/** Reads a duration option as milliseconds. */
export function durationOption(name: string, text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined) throw wrongUsage(`--${name} wants a duration such as 30s, 5m or 24h, not "${text}"`)
  return milliseconds
}

/** Reads the option `--limit`, a whole number above zero. Without it there is no limit. */
export function limitOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1)
    throw wrongUsage(`--limit wants a number above 0, not "${text}"`)
  return count
}

/** Reads an upload's id. */
export function idArgument(text: string): string {
  if (!isUploadId(text)) throw wrongUsage(`"${text}" is not the id of an upload: 32 hexadecimal digits`)
  return text
}
