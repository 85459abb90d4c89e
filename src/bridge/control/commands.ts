import { type CommandDef, defineCommand, type SubCommandsDef } from 'citty'
import { statusCommand as admissionStatusCommand, closeCommand, openCommand } from './commands/admission.ts'
import {
  backupStatusCommand,
  exportBackupCommand,
  importBackupCommand,
  recordBackupCommand,
  verifyBackupCommand,
} from './commands/backup.ts'
import { carryOverCommand } from './commands/carry-over.ts'
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
import { activateCommand, currentCommand, listReleasesCommand, previousCommand } from './commands/releases.ts'
import { sendUploadCommand } from './commands/send-upload.ts'
import { statusCommand } from './commands/status.ts'
import { listUploadsCommand, purgeUploadsCommand, showUploadCommand } from './commands/uploads.ts'
import type { ControlContext } from './deployment.ts'

/** All commands of bridgectl, as a tree. */
export function createCommands(context: ControlContext): CommandDef {
  return group('bridgectl', 'Operate one deployment of Upload Bridge', {
    status: statusCommand(context),
    uploads: group('bridgectl uploads', 'List, send and purge uploads', {
      list: listUploadsCommand(context),
      show: showUploadCommand(context),
      send: sendUploadCommand(context),
      purge: purgeUploadsCommand(context),
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
