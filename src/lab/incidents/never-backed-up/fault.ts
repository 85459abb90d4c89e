import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRecord, writeRecord } from '../../kit/backup-record.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { givePast } from '../../kit/give-past.ts'
import { makeBackup } from '../../kit/make-backup.ts'

/** A deployment is in use for a day, and nobody thought of its backups. */
export const neverBackedUp: Fault = {
  name: 'never-backed-up',
  title: 'No backup was ever made',
  summary:
    'A deployment seems to be in use for 28 hours; nobody started the timer of its backups, and no repository was made',
  async start(deployment) {
    const { stored: _, ...record } = readRecord(deployment)
    await writeRecord(deployment, record)
    await writeFile(noteOf(deployment), '')
    await givePast(deployment, 'upload_bridge_backup_last_success_timestamp_seconds', 0)
  },
  async stop(deployment) {
    if (neverBackedUp.isActive(deployment)) await makeBackup(deployment, 'stored')
    await rm(noteOf(deployment), { force: true })
  },
  isActive: deployment => existsSync(noteOf(deployment)) && readRecord(deployment).stored === undefined,
}

function noteOf({ notesPath }: Deployment): string {
  return join(notesPath, 'never-backed-up')
}
