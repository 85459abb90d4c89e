import { realpathSync } from 'node:fs'
import { type Lab, LabError, readLabStatus } from '../lab-port/index.ts'
import { takeSnapshot } from './content/read-lab-content.ts'
import { connectLab } from './control/control-client.ts'
import { faults } from './incidents/index.ts'
import { draftFault } from './kit/fault.ts'
import { endLab } from './lifecycle/end-lab.ts'
import { startLab } from './lifecycle/start-lab.ts'
import { mutations } from './mutations/index.ts'
import { profile, type RemoteLab, type RunningLab } from './status.ts'
import { uploadWorkload } from './workload/upload-workload.ts'
import { workspaceMutations } from './workspace/mutations/index.ts'

/** The labs that this process has started, by their folders. */
const own = new Map<string, RunningLab>()

/** The lab of Upload Bridge, which `handbook.yaml` names. It is built as `dist/lab.cjs`. */
export const lab: Lab = {
  profile,
  faults,
  mutations,
  workspaceMutations,
  workload: uploadWorkload,
  draftFault,
  async up({ directory, ...options }) {
    const lab = await startLab({ directory, bundles: __dirname, ...options })
    const folder = realpathSync(directory)
    own.set(folder, lab)
    return { ended: lab.ended.finally(() => own.delete(folder)) }
  },
  async down(directory, options) {
    const lab = findOwn(directory)
    if (!lab) return endLab(directory)
    await lab.down(options)
    return 'ended'
  },
  status: async directory =>
    readLabStatus(findOwn(directory)?.status() ?? (await (await connectLab(directory))?.status())),
  break: async (directory, fault) => (await find(directory)).break(fault),
  heal: async (directory, fault) => (await find(directory)).heal(fault),
  snapshot: root => takeSnapshot(root, __dirname),
}

async function find(directory: string): Promise<RunningLab | RemoteLab> {
  const lab = findOwn(directory) ?? (await connectLab(directory))
  if (lab) return lab
  throw new LabError('stopped', `no lab runs in ${directory}`)
}

function findOwn(directory: string): RunningLab | undefined {
  try {
    return own.get(realpathSync(directory))
  } catch {
    return undefined
  }
}
