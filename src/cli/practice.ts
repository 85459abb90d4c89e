import type { Practice } from '../operate/index.ts'
import { demandLab } from './demand-lab.ts'
import { findLabFolder } from './paths.ts'

/** The practice deployment that `handbook lab up` keeps running. The lab is loaded when it is asked for: a run waits for all that is. */
export const practice: Practice = {
  async connect({ root, file }) {
    const { connectLab, findMismatch, labEnvironment } = await import('../lab/index.ts')
    demandLab(findMismatch(file))
    const lab = await connectLab(findLabFolder(root))
    return lab && labEnvironment(await lab.status())
  },
}
