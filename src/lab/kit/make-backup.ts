import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyBackup } from './copy-backup.ts'
import type { Deployment } from './fault.ts'
import { initializeRepository, storeBackup } from './store-backup.ts'

/** Makes a backup as the hourly timer does, and records these successes of it. */
export async function makeBackup(deployment: Deployment, ...events: readonly ('stored' | 'restored')[]): Promise<void> {
  const folder = join(deployment.storagePath, '.backup-by-lab')
  await initializeRepository(deployment)
  await deployment.bridgectl('backup', 'export', folder)
  try {
    await storeBackup(deployment, folder)
    await copyBackup(deployment)
    for (const event of events) await deployment.bridgectl('backup', 'record', event, folder, '--snapshot', 'hourly')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
