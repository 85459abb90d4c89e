import { type ArgsDef, type CommandDef, defineCommand, renderUsage, runCommand, type SubCommandsDef } from 'citty'
import { bridgectlExitCodes } from '../exit-codes.ts'
import { admissionStatusCommand, closeCommand, openCommand } from './commands/admission.ts'
import {
  backupStatusCommand,
  exportBackupCommand,
  importBackupCommand,
  recordBackupCommand,
  verifyBackupCommand,
} from './commands/backup.ts'
import { carryOverCommand } from './commands/carry-over.ts'
import { blockClientCommand, listClientsCommand, unblockClientCommand } from './commands/clients.ts'
import {
  configurationReferenceCommand,
  showConfigurationCommand,
  validateConfigurationCommand,
} from './commands/configuration.ts'
import {
  holdCommand,
  listDeliveriesCommand,
  pauseCommand,
  releaseCommand,
  resumeCommand,
  retryCommand,
} from './commands/deliveries.ts'
import { createKeyCommand, listKeysCommand, revokeKeyCommand } from './commands/keys.ts'
import { profileCommand } from './commands/profile.ts'
import { purgeUploadsCommand } from './commands/purge-uploads.ts'
import { activateCommand, currentCommand, listReleasesCommand, previousCommand } from './commands/releases.ts'
import { scanUploadsCommand } from './commands/scan-uploads.ts'
import { sendCanaryCommand } from './commands/send-canary.ts'
import { sendUploadCommand } from './commands/send-upload.ts'
import { statusCommand } from './commands/status.ts'
import { listUploadsCommand, showUploadCommand } from './commands/uploads.ts'
import { accountHint, ControlError } from './control-error.ts'
import type { WithExamples } from './define-control-command.ts'
import { type ControlContext, messageOf } from './deployment.ts'

/** Runs one command. Returns one of `bridgectlExitCodes`. */
export async function runBridgectl(context: ControlContext): Promise<number> {
  const root = createCommands(context)
  const rawArgs = withoutHelp(commandFirst(context.arguments))
  if (rawArgs[0] === '--version') {
    context.stdout(`bridgectl ${context.version}\n`)
    return bridgectlExitCodes.done.code
  }
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

// Options before the command's name belong to the command too.
function commandFirst(args: readonly string[]): string[] {
  let start = 0
  for (let next = args[start]; next?.startsWith('-'); next = args[start]) {
    start += next === '--config' ? 2 : 1
  }
  return [...args.slice(start), ...args.slice(0, start)]
}

// `bridgectl help uploads list` is `bridgectl uploads list --help`.
function withoutHelp(args: readonly string[]): string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : [...args]
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

/** All commands of bridgectl, as a tree. */
function createCommands(context: ControlContext): CommandDef {
  return group('bridgectl', 'Operate one deployment of Upload Bridge', {
    status: statusCommand(context),
    uploads: group('bridgectl uploads', 'List, send, scan and purge uploads', {
      list: listUploadsCommand(context),
      show: showUploadCommand(context),
      send: sendUploadCommand(context),
      canary: sendCanaryCommand(context),
      purge: purgeUploadsCommand(context),
      scan: scanUploadsCommand(context),
    }),
    deliveries: group('bridgectl deliveries', 'Pause, hold and retry deliveries downstream', {
      list: listDeliveriesCommand(context),
      pause: pauseCommand(context),
      resume: resumeCommand(context),
      retry: retryCommand(context),
      hold: holdCommand(context),
      release: releaseCommand(context),
    }),
    admission: group('bridgectl admission', 'Admit or refuse new uploads', {
      status: admissionStatusCommand(context),
      close: closeCommand(context),
      open: openCommand(context),
    }),
    keys: group('bridgectl keys', 'Make, list and revoke API keys', {
      list: listKeysCommand(context),
      create: createKeyCommand(context),
      revoke: revokeKeyCommand(context),
    }),
    clients: group('bridgectl clients', 'Refuse single clients for some time', {
      list: listClientsCommand(context),
      block: blockClientCommand(context),
      unblock: unblockClientCommand(context),
    }),
    config: group('bridgectl config', 'See and check the configuration', {
      show: showConfigurationCommand(context),
      validate: validateConfigurationCommand(context),
      reference: configurationReferenceCommand(context),
    }),
    profile: group('bridgectl profile', 'Look into a running program', {
      cpu: profileCommand(context, 'cpu'),
      memory: profileCommand(context, 'memory'),
    }),
    releases: group('bridgectl releases', 'See and choose the installed release', {
      list: listReleasesCommand(context),
      current: currentCommand(context),
      previous: previousCommand(context),
      activate: activateCommand(context),
    }),
    backup: group('bridgectl backup', 'Export the deployment, check an export, bring it back', {
      export: exportBackupCommand(context),
      verify: verifyBackupCommand(context),
      import: importBackupCommand(context),
      'carry-over': carryOverCommand(context),
      record: recordBackupCommand(context),
      status: backupStatusCommand(context),
    }),
  })
}

function group(name: string, description: string, subCommands: SubCommandsDef): CommandDef {
  return defineCommand({ meta: { name, description }, subCommands })
}
