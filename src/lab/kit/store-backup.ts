import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

const run = promisify(execFile)

/** Makes the repository of backups, unless somebody did. */
export async function initializeRepository(deployment: Deployment): Promise<void> {
  if (!existsSync(repositoryOf(deployment))) await restic(deployment, ['init'])
}

/** Stores a folder that `bridgectl backup export` made, as the hourly backup does. */
export async function storeBackup(deployment: Deployment, folder: string): Promise<void> {
  await restic(deployment, ['backup', '--tag', 'upload-bridge', '--host', 'upload-bridge', '.'], folder)
}

/** Runs restic on the repository of this lab. */
async function restic(deployment: Deployment, args: readonly string[], cwd = deployment.backupPath): Promise<void> {
  const password = ['--password-file', join(deployment.backupPath, 'password')]
  const where = ['--repo', repositoryOf(deployment), ...password, '--quiet']
  try {
    await run('restic', [...where, ...args], { cwd, signal: deployment.signal })
  } catch (cause) {
    throw new LabError('cannot-break', `a backup is needed, and restic could not make one: ${cause}`, { cause })
  }
}

function repositoryOf({ backupPath }: Deployment): string {
  return join(backupPath, 'repository')
}
