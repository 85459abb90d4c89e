import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning, killGroup, type ProcessIdentity, signalProcess } from '../../base/index.ts'
import type { LabPaths } from '../plan/lab-paths.ts'
import { readState } from '../processes/lab-state.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { listMounts, unmountAll } from '../volume/mounts.ts'

/** The parts of a lab's folder that do not outlive it; its logs and its state file do. */
const SHORT_LIVED = ['volume', 'data', 'releases', 'monitoring', 'bin'] as const

/** Ends the processes and mounts that a killed lab left, and removes its files; tells whether anything was running. */
export async function clearLeftovers(paths: LabPaths): Promise<boolean> {
  const processes = (readState(paths.state)?.processes ?? []).filter(isRunning)
  const mounts = listMounts(paths.volume)
  await Promise.all(processes.map(end))
  await unmountAll(paths.volume)
  await removeFiles(paths)
  return processes.length + mounts.length > 0
}

/** Removes what a lab needed only while it ran. */
export async function removeFiles(paths: LabPaths): Promise<void> {
  const files = [...SHORT_LIVED.map(name => paths[name]), paths.config, join(paths.directory, 'control.sock')]
  await Promise.all(files.map(path => rm(path, { recursive: true, force: true, maxRetries: 5 })))
}

/** PostgreSQL ends its own children and its shared memory when it is asked to; SIGKILL would leave both. */
async function end(identity: ProcessIdentity & { readonly name?: string }): Promise<void> {
  const asked = identity.name === 'database'
  signalProcess(identity, 'SIGCONT')
  signalProcess(identity, asked ? 'SIGQUIT' : 'SIGKILL')
  const gone = () => !isRunning(identity)
  if (asked && !(await waitUntil(gone, { timeout: 5000 }))) signalProcess(identity, 'SIGKILL')
  await waitUntil(gone, { timeout: 5000 })
  killGroup(identity.pid)
}
