import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serveControl } from '../control/control-server.ts'
import { makeLegacy } from '../legacy/make-legacy.ts'
import { type LabPaths, type LabPlan, labPaths, planLab } from '../plan/lab-plan.ts'
import { readVersions } from '../plan/read-versions.ts'
import { ProcessRegistry } from '../processes/process-registry.ts'
import { startShipped } from '../shipped/start-shipped.ts'
import { AS_SHIPPED, LEGACY, type RunningLab, type StartOptions } from '../status.ts'
import { unmountAll } from '../volume/volume.ts'
import { claimDirectory } from './claim-directory.ts'
import { clearKilledLab, removeFiles } from './end-lab.ts'
import { Progress } from './progress.ts'
import { runLab } from './running-lab.ts'
import { startParts } from './start-parts.ts'
import { tryOtherPorts } from './try-other-ports.ts'

/** The order of ending: a part ends after all parts that use it. */
const STOP_ORDER = [
  ['proxy'],
  ['api', 'worker', 'downstream', 'prometheus', 'alertmanager', 'dead-mans-switch'],
  ['pager'],
  ['database', 'scanner'],
] as const

/**
 * Starts a whole deployment and returns when every part is ready. If a part fails, everything is ended, and `LabError` says which part
 * failed and why.
 */
export function startLab(options: StartOptions): Promise<RunningLab> {
  return tryOtherPorts(() => start(options), options.log)
}

async function start(options: StartOptions): Promise<RunningLab> {
  options.signal?.throwIfAborted()
  const claim = claimDirectory(options.directory)
  const paths = labPaths(claim.directory)
  await clearKilledLab(paths).catch(error => {
    claim.release()
    throw error
  })
  const registry = new ProcessRegistry(paths.state, claim.owner, options.log)
  const abort = () => registry.close(options.signal?.reason)
  options.signal?.addEventListener('abort', abort)
  let control: { close(): Promise<void> } | undefined
  let plan: LabPlan | undefined
  const endAll = async (now: boolean) => {
    registry.enter('stopping')
    await registry.end(STOP_ORDER, now)
    await unmountAll(paths.volume)
    await removeFiles(paths)
    plan?.releasePorts()
    registry.enter('down')
    await control?.close()
    claim.release()
  }
  let ending: Promise<void> | undefined
  /** Ends the lab once. When it is asked again with `now`, it kills the processes for which the ending waits. */
  const end = (now: boolean) => {
    if (ending && now) registry.kill()
    ending ??= endAll(now)
    return ending
  }
  try {
    await makeFolders(paths)
    const isShipped = options.profile === AS_SHIPPED || options.profile === LEGACY
    const startAll = isShipped && !options.partial?.length ? startShipped : startParts
    plan = await planLab(options, paths, registry)
    const progress = new Progress(registry, options.log, options.asked ?? Date.now())
    const [parts, versions] = await Promise.all([startAll(plan, progress), readVersions(plan)])
    const legacy = options.profile === LEGACY ? await makeLegacy(parts, options.log) : {}
    const facts = { ...parts.facts, versions, ...legacy }
    const started = progress.times(parts.isCopy ? 'image' : 'nothing')
    const lab = runLab({ ...parts, facts, started, processes: () => registry.list(), end })
    control = await serveControl(claim.directory, lab)
    registry.enter('running')
    return lab
  } catch (error) {
    await end(false)
    throw error
  } finally {
    options.signal?.removeEventListener('abort', abort)
  }
}

/** Makes the folders. The logs of the lab before are removed only now, so that people could still read them. */
async function makeFolders(paths: LabPaths): Promise<void> {
  const { bin, logs, data, releases, monitoring } = paths
  await rm(logs, { recursive: true, force: true })
  await Promise.all([bin, logs, data, releases, monitoring].map(folder => mkdir(folder, { recursive: true })))
  await Promise.all(['state', 'faults', 'backup'].map(name => mkdir(join(data, name))))
  await writeFile(join(paths.backup, 'password'), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
}
