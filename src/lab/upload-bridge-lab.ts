import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Lab, LabError, readLabStatus } from '../lab-port/index.ts'
import { takeSnapshot } from './content/read-lab-content.ts'
import { connectLab } from './control/control-client.ts'
import { readSettings } from './deployment/read-settings.ts'
import { faults } from './incidents/index.ts'
import { draftFault } from './kit/fault.ts'
import { endLab } from './lifecycle/end-lab.ts'
import { startLab } from './lifecycle/start-lab.ts'
import { mutations } from './mutations/index.ts'
import { findLacking } from './shipped/requirements.ts'
import { startApart } from './shipped/start-apart.ts'
import {
  AS_SHIPPED,
  type BridgeLabStatus,
  LEGACY,
  PRACTICE,
  PROFILES,
  profile,
  type RemoteLab,
  type RunningLab,
} from './status.ts'
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
  profiles: PROFILES,
  draftFault,
  look: readSettings,
  async up(options) {
    const { directory, profile: wanted = AS_SHIPPED, log } = options
    const built = readBuilt()
    const given = { ...options, asked: Date.now(), bundles: __dirname, ...(built === undefined ? {} : { built }) }
    const isShipped = wanted === AS_SHIPPED || wanted === LEGACY
    const lacking = isShipped ? findLacking(process.env.PATH) : []
    if (wanted === LEGACY && lacking.length > 0)
      throw new LabError(
        'missing-program',
        `a ${LEGACY} lab is one as shipped, made worse; here it lacks: ${lacking.join('; ')}`,
      )
    if (isShipped && lacking.length === 0) return startApart({ ...given, profile: wanted })
    if (lacking.length > 0) log(`– as shipped   not here, so this lab is for practice: ${lacking.join('; ')}`)
    const lab = await startLab({ ...given, profile: PRACTICE, partial: lacking })
    const folder = realpathSync(directory)
    own.set(folder, lab)
    return { ended: lab.ended.finally(() => own.delete(folder)) }
  },
  async down(directory, options) {
    const lab = findOwn(directory)
    if (!lab) return endLab(directory, options)
    await lab.down(options)
    return 'ended'
  },
  async status(directory) {
    const own = findOwn(directory)?.status()
    if (own) return readLabStatus(own)
    const status = await (await connectLab(directory))?.status()
    return status && readLabStatus(isOlder(status) ? { ...status, older: true } : status)
  },
  break: async (directory, fault) => (await find(directory)).break(fault).catch(error => explainAge(error, fault)),
  heal: async (directory, fault) => (await find(directory)).heal(fault).catch(error => explainAge(error, fault ?? '')),
  snapshot: root => takeSnapshot(root, __dirname),
}

/** When this program was built; nothing when it runs from its sources. */
function readBuilt(): string | undefined {
  return statSync(join(__dirname, 'lab.cjs'), { throwIfNoEntry: false })?.mtime.toISOString()
}

function isOlder(status: BridgeLabStatus): boolean {
  const built = readBuilt()
  return built !== undefined && (status.built === undefined || status.built < built)
}

/** Says of a lab that lacks a fault which this program has that it is older. */
function explainAge(error: unknown, fault: string): never {
  const isUnknown = error instanceof LabError && error.code === 'unknown-fault'
  if (!isUnknown || ![...faults, ...mutations].some(({ name }) => name === fault)) throw error
  throw new LabError(
    'unknown-fault',
    `the lab that runs is older than this command: it does not know the fault ${fault}`,
  )
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
