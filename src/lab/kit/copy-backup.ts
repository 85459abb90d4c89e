import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

const run = promisify(execFile)

/** Copies what the first repository has to the second, as the hourly backup does. The first copy makes it. */
export async function copyBackup({ backupPath, signal }: Deployment): Promise<void> {
  const password = join(backupPath, 'password')
  const from = ['--from-repo', join(backupPath, 'repository'), '--from-password-file', password]
  const copy = join(backupPath, 'copy')
  const to = ['--repo', copy, '--password-file', password, '--quiet']
  try {
    if (!existsSync(copy)) await run('restic', [...to, 'init', ...from, '--copy-chunker-params'], { signal })
    await run('restic', [...to, 'copy', ...from], { signal })
  } catch (cause) {
    throw new LabError('cannot-break', `a copy of the backup is needed, and restic could not make one: ${cause}`, {
      cause,
    })
  }
}
