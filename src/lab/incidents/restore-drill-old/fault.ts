import { readRecord, writeRecord } from '../../kit/backup-record.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { makeBackup } from '../../kit/make-backup.ts'

const DAY = 24 * 3600 * 1000
/** How long ago a backup seems to have been brought back, and what counts as long, in milliseconds. */
const AGO = 40 * DAY
const LONG = 35 * DAY

/** Backups are made every hour, and nobody tries whether they can be restored. */
export const restoreDrillOld: Fault = {
  name: 'restore-drill-old',
  title: 'No backup was brought back for 40 days',
  summary: 'Backups are made, and the restore drill of this month was forgotten: the last one seems to be 40 days old',
  async start(deployment) {
    await makeBackup(deployment, 'stored', 'restored')
    // Simulates time: the drill that was just recorded looks 40 days old.
    await setTime(deployment, new Date(Date.now() - AGO))
  },
  async stop(deployment) {
    if (restoreDrillOld.isActive(deployment)) await setTime(deployment, new Date())
  },
  isActive(deployment) {
    const { restored } = readRecord(deployment)
    return restored !== undefined && Date.now() - Date.parse(restored.at) > LONG
  },
}

async function setTime(deployment: Deployment, time: Date): Promise<void> {
  const record = readRecord(deployment)
  if (record.restored === undefined) return
  await writeRecord(deployment, { ...record, restored: { ...record.restored, at: time.toISOString() } })
}
