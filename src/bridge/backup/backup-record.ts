import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../storage/error-code.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { BackupError } from './manifest.ts'

/** What of backups is worth remembering: that one was stored and verified, and that one was brought back in a drill. */
export const backupEvents = ['stored', 'restored'] as const

/** One of them. */
export type BackupEvent = (typeof backupEvents)[number]

const eventSchema = z.strictObject({
  at: z.iso.datetime(),
  /** The moment that the backup shows. */
  createdAt: z.iso.datetime(),
  /** Its name where it is stored. */
  snapshot: z.string(),
  /** How long it took, in seconds. */
  seconds: z.number().optional(),
})

const schema = z.strictObject({ stored: eventSchema.optional(), restored: eventSchema.optional() })

/** The last time that each succeeded; failures leave no trace here, for what matters is how long ago the last success was. */
export type BackupRecord = Readonly<z.infer<typeof schema>>

/** Reads the record; empty when nothing ever succeeded. */
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
