import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment, Fault } from '../kit/fault.ts'
import { LabError } from '../lab-error.ts'

/** What an unmounted volume looks like: its empty mount point. */
export const copyUnreachable: Fault = {
  name: 'copy-unreachable',
  title: 'The place for copies of backups is gone',
  summary: 'The volume with the second repository is no longer mounted; its mount point is an empty folder',
  kind: 'defect',
  async start(deployment) {
    if (!existsSync(copyOf(deployment))) throw new LabError('cannot-break', 'no backup was copied here yet')
    await rename(copyOf(deployment), awayOf(deployment))
    await mkdir(copyOf(deployment))
  },
  async stop(deployment) {
    if (!existsSync(awayOf(deployment))) return
    await rm(copyOf(deployment), { recursive: true, force: true })
    await rename(awayOf(deployment), copyOf(deployment))
  },
  isActive: deployment => existsSync(awayOf(deployment)),
}

function copyOf({ backupPath }: Deployment): string {
  return join(backupPath, 'copy')
}

function awayOf({ backupPath }: Deployment): string {
  return join(backupPath, 'copy.away')
}
