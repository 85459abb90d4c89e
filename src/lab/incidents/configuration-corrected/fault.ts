import { rename } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { reloadConfiguration, wasReloaded } from '../../kit/reload-configuration.ts'
import { configurationRefused } from '../configuration-refused/fault.ts'

// The API knows it, and a fault must say at once whether it is in effect. So its end is watched.
const unread = new Set<string>()

/** Somebody corrected the refused configuration, and did not let API and worker read it. */
export const configurationCorrected: Fault = {
  name: 'configuration-corrected',
  title: 'A corrected configuration was not reloaded',
  summary:
    'A wrong configuration was refused; somebody puts the right one back, and forgets that API and worker have to read it',
  async start(deployment) {
    const { configPath, notesPath } = deployment
    await configurationRefused.start(deployment)
    await rename(`${configPath}.before`, configPath)
    unread.add(notesPath)
    void watchForReload(deployment)
  },
  async stop(deployment) {
    if (!unread.has(deployment.notesPath)) return
    await reloadConfiguration(deployment, true)
    unread.delete(deployment.notesPath)
  },
  isActive: ({ notesPath }) => unread.has(notesPath),
}

/** Waits until somebody else reloaded it, or the fault was healed. */
async function watchForReload(deployment: Deployment): Promise<void> {
  const { notesPath, signal } = deployment
  while (unread.has(notesPath) && !signal.aborted) {
    await sleep(500, undefined, { signal }).catch(() => undefined)
    if (await wasReloaded(deployment).catch(() => false)) unread.delete(notesPath)
  }
}
