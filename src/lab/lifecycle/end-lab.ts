import { existsSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning, killGroup, type ProcessIdentity, signalProcess } from '../../base/index.ts'
import type { LabEnding } from '../../lab-port/index.ts'
import { connectLab } from '../control/control-client.ts'
import { type LabPaths, labPaths } from '../plan/lab-plan.ts'
import { readState, writeState } from '../processes/process-registry.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { listMounts, unmountAll } from '../volume/volume.ts'
import { claimDirectory, findClaimant } from './claim-directory.ts'

/** The time for a lab that does not listen to end by itself, in milliseconds. */
const PATIENCE = 30_000

/** Ends the lab of a folder from another process, or clears away the remains of a killed lab. */
export async function endLab(path: string, options: { readonly now?: boolean } = {}): Promise<LabEnding> {
  if (!existsSync(path)) return 'nothing'
  const paths = labPaths(realpathSync(path))
  const lab = await connectLab(paths.directory)
  if (lab) {
    await lab.down(options)
    return 'ended'
  }
  const owner = findClaimant(paths.directory)
  if (owner) await endOwner(owner)
  const cleared = await clear(paths)
  if (owner) return 'ended'
  return cleared ? 'cleared' : 'nothing'
}

/** Ends a lab that is still starting or hangs: first with SIGTERM, like Ctrl-C, then with SIGKILL. */
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
    const cleared = await clearKilledLab(paths)
    writeState(paths.state, { ...state, state: 'down', processes: [] })
    return cleared
  } finally {
    claim.release()
  }
}

/** The parts of a lab's folder that are removed with it. The logs and the state file stay. */
const SHORT_LIVED = ['volume', 'data', 'releases', 'monitoring', 'bin'] as const

/** Ends the processes and mounts of a killed lab and removes its files. Returns whether anything was running. */
export async function clearKilledLab(paths: LabPaths): Promise<boolean> {
  const processes = (readState(paths.state)?.processes ?? []).filter(isRunning)
  const mounts = listMounts(paths.volume)
  await Promise.all(processes.map(end))
  await unmountAll(paths.volume)
  await removeFiles(paths)
  return processes.length + mounts.length > 0
}

/** Removes the files that a lab needs only while it runs. */
export async function removeFiles(paths: LabPaths): Promise<void> {
  const files = [...SHORT_LIVED.map(name => paths[name]), paths.config, join(paths.directory, 'control.sock')]
  await Promise.all(files.map(path => rm(path, { recursive: true, force: true, maxRetries: 5 })))
}

/** PostgreSQL ends its children and frees its shared memory when it is asked to end. SIGKILL would leave both. */
async function end(identity: ProcessIdentity & { readonly name?: string }): Promise<void> {
  const asked = identity.name === 'database'
  signalProcess(identity, 'SIGCONT')
  signalProcess(identity, asked ? 'SIGQUIT' : 'SIGKILL')
  const gone = () => !isRunning(identity)
  if (asked && !(await waitUntil(gone, { timeout: 5000 }))) signalProcess(identity, 'SIGKILL')
  await waitUntil(gone, { timeout: 5000 })
  killGroup(identity.pid)
}
