import { existsSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment, Fault } from '../kit/fault.ts'
import { LabError } from '../lab-error.ts'

/** With the best of intentions: a copy that can be had without the password. */
export const plainConfigurationBackup: Fault = {
  name: 'plain-configuration-backup',
  title: 'The configuration lies unencrypted beside the backups',
  summary: 'Somebody copies the configuration, password and all, into the folder of the backup repository',
  kind: 'defect',
  async start(deployment) {
    const { backupPath } = deployment
    if (!existsSync(join(backupPath, 'repository'))) throw new LabError('cannot-break', 'no backup was made here yet')
    await copyFile(deployment.configPath, copyPath(deployment))
  },
  stop: deployment => rm(copyPath(deployment), { force: true }),
  isActive: deployment => existsSync(copyPath(deployment)),
}

function copyPath({ backupPath }: Deployment): string {
  return join(backupPath, 'repository', 'upload-bridge.yaml')
}
