import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findMismatch, labEnvironment, startLab } from '../lab/index.ts'
import type { Practice } from '../operate/index.ts'
import { demandLab } from './demand-lab.ts'
import { BUNDLES } from './paths.ts'
import { practice } from './ports.ts'

/** The practice deployment; where none runs, one is started in a folder of this handbook, for a command's own time. */
export function startOwnLab(folder: string, timeScale: number): Practice {
  return {
    ...practice,
    async start({ root, file }, { rules, signal, say }) {
      demandLab(findMismatch(file))
      const directory = join(root, '.handbook', folder, String(process.pid))
      const lab = await startLab({ directory, bundles: BUNDLES, rules, timeScale, signal, log: say })
      return {
        environment: labEnvironment(lab.status()),
        async close() {
          await lab.down({ now: true })
          await rm(directory, { recursive: true, force: true })
        },
      }
    },
  }
}
