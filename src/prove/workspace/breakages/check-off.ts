import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceBreakage } from '../workspace-breakage.ts'

/** Pages are checked, and nothing is ever found. */
export const checkOff: WorkspaceBreakage = {
  name: 'check-off',
  title: 'handbook check finds nothing',
  summary: 'The command that checks pages says that all is well, whatever there is',
  async start(folder) {
    const dist = join(folder, 'dist')
    await rm(dist)
    await mkdir(dist)
    await writeFile(join(dist, 'handbook.cjs'), `console.log('{"problems":[]}')\n`)
  },
}
