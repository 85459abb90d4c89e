import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** It was in the way of a merge. */
export const lockRemoved: WorkspaceBreakage = {
  name: 'lock-removed',
  title: 'There is no lock file',
  summary: 'package-lock.json is removed: every install may bring other versions',
  start: folder => rm(join(folder, 'package-lock.json')),
}
