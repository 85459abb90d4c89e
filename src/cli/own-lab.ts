import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, labEnvironment } from '../lab-port/index.ts'
import { demandLab, type Practice } from '../operate/index.ts'
import { practice } from './ports.ts'

/** The practice deployment; where none runs, one is started in a folder of this handbook, for a command's own time. */
export function startOwnLab(folder: string, timeScale: number): Practice {
  return {
    ...practice,
    async start(handbook, { rules, signal, say }) {
      const lab = await demandLab(handbook)
      const directory = join(handbook.root, '.handbook', folder, String(process.pid))
      const close = async () => {
        await lab.down(directory, { now: true })
        await rm(directory, { recursive: true, force: true })
      }
      await lab.up({ directory, rules, timeScale, signal, log: say })
      try {
        const status = await lab.status(directory)
        if (!status) throw new LabError('part-failed', 'the lab came up, and is not there')
        return { environment: labEnvironment(status), close }
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}
