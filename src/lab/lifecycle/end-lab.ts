import { existsSync, realpathSync } from 'node:fs'
import { isRunning, type ProcessIdentity, signalProcess } from '../../base/index.ts'
import { connectLab } from '../control/connect-lab.ts'
import { type LabPaths, labPaths } from '../plan/lab-paths.ts'
import { readState, writeState } from '../processes/lab-state.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { claimDirectory, findOwner } from './claim-directory.ts'
import { clearLeftovers } from './clear-leftovers.ts'

/** How a lab was ended: it was asked to, what a killed one had left was cleared away, or there was nothing. */
export type LabEnding = 'ended' | 'cleared' | 'nothing'

/** Milliseconds that a lab which does not listen gets to end by itself. */
const PATIENCE = 30_000

/** Ends the lab of a folder from another process, or clears away what a killed one left. */
export async function endLab(path: string): Promise<LabEnding> {
  if (!existsSync(path)) return 'nothing'
  const paths = labPaths(realpathSync(path))
  const lab = await connectLab(paths.directory)
  if (lab) {
    await lab.down()
    return 'ended'
  }
  const owner = findOwner(paths.directory)
  if (owner) await endOwner(owner)
  const cleared = await clear(paths)
  if (owner) return 'ended'
  return cleared ? 'cleared' : 'nothing'
}

/** A lab that is still starting, or hangs: it is asked as by Ctrl-C, and killed when it does not listen. */
async function endOwner(owner: ProcessIdentity): Promise<void> {
  const gone = () => !isRunning(owner)
  signalProcess(owner, 'SIGTERM')
  if (await waitUntil(gone, { timeout: PATIENCE })) return
  signalProcess(owner, 'SIGKILL')
  await waitUntil(gone, { timeout: 5000 })
}

async function clear(paths: LabPaths): Promise<boolean> {
  const state = readState(paths.state)
  if (!state) return false
  const claim = claimDirectory(paths.directory)
  try {
    const cleared = await clearLeftovers(paths)
    writeState(paths.state, { ...state, state: 'down', processes: [] })
    return cleared
  } finally {
    claim.release()
  }
}
