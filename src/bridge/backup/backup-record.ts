import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../storage/error-code.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { BackupError } from './manifest.ts'

/** The events that the record of backups keeps: a backup was stored and verified, or restored in a drill. */
export const backupEvents = ['stored', 'restored'] as const

/** One of the names above. */
export type BackupEvent = (typeof backupEvents)[number]

const eventSchema = z.strictObject({
  at: z.iso.datetime(),
  /** The time of the data in the backup. */
  createdAt: z.iso.datetime(),
  /** Its name where it is stored. */
  snapshot: z.string(),
  /** How long it took, in seconds. */
  seconds: z.number().optional(),
})

const schema = z.strictObject({ stored: eventSchema.optional(), restored: eventSchema.optional() })

/** The last success of each event. Failures are not kept, because only the age of the last success matters. */
export type BackupRecord = Readonly<z.infer<typeof schema>>

/** Reads the record; empty when there was no success yet. */
export async function readBackupRecord(statePath: string): Promise<BackupRecord> {
  try {
    return schema.parse(JSON.parse(await readFile(recordFile(statePath), 'utf8')))
  } catch (error) {
    if (isMissing(error)) return {}
    throw new BackupError(`${recordFile(statePath)} cannot be read`, { cause: error })
  }
}

/** Remembers a success. */
export async function recordBackup(
  statePath: string,
  event: BackupEvent,
  what: z.infer<typeof eventSchema>,
): Promise<BackupRecord> {
  const record = { ...(await readBackupRecord(statePath)), [event]: what }
  await replaceFile(recordFile(statePath), `${JSON.stringify(record, null, 2)}\n`)
  return record
}

function recordFile(statePath: string): string {
  return join(statePath, 'backup.json')
}
