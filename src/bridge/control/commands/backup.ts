import { resolve } from 'node:path'
import { pino } from 'pino'
import { backupEvents, readBackupRecord, recordBackup } from '../../backup/backup-record.ts'
import { exportBackup } from '../../backup/export-backup.ts'
import { importBackup } from '../../backup/import-backup.ts'
import { BackupError, readManifest } from '../../backup/manifest.ts'
import { verifyBackup } from '../../backup/verify-backup.ts'
import { listSettingsFiles } from '../../configuration/effective-configuration.ts'
import { countOf, formatByteSize, formatDuration } from '../../configuration/value-types.ts'
import { createQueueLogger } from '../../database/queue.ts'
import { uploadsFolder } from '../../storage/layout.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import {
  type ControlContext,
  deploymentFiles,
  loadDeployment,
  messageOf,
  openDeployment,
  withDatabase,
} from '../deployment.ts'

const folder = { type: 'positional', required: true, description: 'The folder of the export' } as const

/** `bridgectl backup export`. */
export function exportBackupCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup export',
    changes: true,
    description: 'Write rows, bytes, configuration and state of this moment into an empty folder',
    examples: ['backup export /srv/uploads/.backup'],
    args: { folder },
    async run(args, { stdout, version }) {
      const { configuration, origins } = await loadDeployment(context, args)
      const source = {
        environment: configuration.environment,
        release: version,
        uploads: uploadsFolder(configuration.storage.path),
        configuration: listSettingsFiles(deploymentFiles(context, args), configuration, origins),
        statePath: configuration.state.path,
      }
      const { manifest, damaged } = await withDatabase(configuration, pool =>
        saidPlainly(exportBackup({ ...source, pool }, resolve(args.folder))),
      )
      const { createdAt, uploads, tables } = manifest
      const rows = tables.reduce((sum, table) => sum + table.rows, 0)
      if (args.json) stdout(`${JSON.stringify({ createdAt, rows, ...uploads, damaged })}\n`)
      else
        stdout(
          `${countOf(rows, 'row')} and ${countOf(uploads.stored, 'upload')}, ${formatByteSize(uploads.bytes)}, as of ${createdAt}\n`,
        )
      if (damaged.length === 0) return
      throw failure(`all else is in ${args.folder}, but acknowledged uploads are damaged:\n${damaged.join('\n')}`)
    },
  })
}

/** `bridgectl backup verify`: needs no deployment. */
export function verifyBackupCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup verify',
    description: 'Read an export from the first byte to the last, and compare every hash',
    examples: ['backup verify /srv/uploads/.backup'],
    args: { folder },
    async run(args, { stdout }) {
      const { manifest, uploads, problems } = await saidPlainly(verifyBackup(args.folder))
      if (args.json) stdout(`${JSON.stringify({ createdAt: manifest.createdAt, uploads, problems })}\n`)
      if (problems.length > 0) throw failure(`${args.folder} is damaged:\n${problems.join('\n')}`)
      if (!args.json)
        stdout(
          `whole: ${countOf(uploads, 'upload')} and ${countOf(manifest.files.length, 'file')}, as of ${manifest.createdAt}\n`,
        )
    },
  })
}

/** `bridgectl backup import`. */
export function importBackupCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup import',
    changes: true,
    description: 'Bring an export back into the empty database and folders that --config names, closed and paused',
    examples: ['backup import /srv/restore --config restored.yaml'],
    args: { folder },
    async run(args, { stdout }) {
      const configuration = await openDeployment(context, args)
      const { state, storage } = configuration
      const queueLogger = createQueueLogger(pino({ level: 'silent' }))
      const restore = { uploads: uploadsFolder(storage.path), statePath: state.path, queueLogger }
      const started = performance.now()
      const { verification, bytes, kept } = await withDatabase(configuration, pool =>
        saidPlainly(importBackup({ ...restore, pool, retainDelivered: storage.retainDelivered }, args.folder)),
      )
      const seconds = Math.round(performance.now() - started) / 1000
      const { createdAt } = verification.manifest
      const { uploads } = verification
      if (args.json) return stdout(`${JSON.stringify({ createdAt, uploads, bytes, seconds, kept })}\n`)
      for (const name of kept) stdout(`kept ${name}, which was there already\n`)
      stdout(`${countOf(uploads, 'upload')}, ${formatByteSize(bytes)}, as of ${createdAt}, back after ${seconds} s\n`)
      stdout('admission is closed and deliveries are paused: see `bridgectl backup carry-over`, then open both\n')
    },
  })
}

/** `bridgectl backup record`. */
export function recordBackupCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup record',
    changes: true,
    description: 'Remember, for metrics and alerts, that a backup was stored, or restored in a drill',
    examples: [
      'backup record stored /srv/uploads/.backup --snapshot 4c1a2b3d',
      'backup record restored /srv/restore --snapshot 4c1a2b3d --seconds 310',
    ],
    args: {
      event: { type: 'positional', required: true, description: backupEvents.join(' or ') },
      folder,
      snapshot: { type: 'string', required: true, valueHint: 'id', description: 'Its name where it is stored' },
      seconds: { type: 'string', valueHint: 'number', description: 'How long it took' },
    },
    async run(args, { stdout, now }) {
      const event = backupEvents.find(known => known === args.event)
      if (event === undefined) throw wrongUsage(`say one of ${backupEvents.join(', ')}`)
      const seconds = args.seconds === undefined ? undefined : Number(args.seconds)
      if (seconds !== undefined && !(seconds >= 0)) throw wrongUsage(`--seconds wants a number, not "${args.seconds}"`)
      const { state } = await openDeployment(context, args)
      const { createdAt } = await saidPlainly(readManifest(args.folder))
      const what = { at: now().toISOString(), createdAt, snapshot: args.snapshot }
      const record = await recordBackup(state.path, event, seconds === undefined ? what : { ...what, seconds })
      stdout(args.json ? `${JSON.stringify(record)}\n` : `${event}: ${args.snapshot}, as of ${createdAt}\n`)
    },
  })
}

/** `bridgectl backup status`. */
export function backupStatusCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'backup status',
    description: 'Show when a backup was last stored, and last restored in a drill',
    examples: ['backup status', 'backup status --json | jq -r .stored.at'],
    args: {},
    async run(args, { stdout, now }) {
      const { state } = await openDeployment(context, args)
      const record = await saidPlainly(readBackupRecord(state.path))
      if (args.json) return stdout(`${JSON.stringify(record)}\n`)
      for (const event of backupEvents) {
        const last = record[event]
        const age = last && formatDuration(now().getTime() - Date.parse(last.at))
        stdout(`${event.padEnd(9)} ${last ? `${last.snapshot}, ${age} ago, as of ${last.createdAt}` : 'never'}\n`)
      }
    },
  })
}

// A problem with a backup or a folder is not a problem of the database.
async function saidPlainly<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (error instanceof BackupError || (error instanceof Error && 'path' in error)) {
      throw failure(messageOf(error), { cause: error })
    }
    throw error
  }
}
