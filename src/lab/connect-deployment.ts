import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Deployment } from './fault.ts'
import type { ServiceName, Storage } from './lab.ts'
import { LabError } from './lab-error.ts'
import type { LabPlan } from './lab-plan.ts'
import type { ManagedProcess } from './managed-process.ts'

/** The deployment as faults see it. */
export function connectDeployment(
  plan: LabPlan,
  storage: Storage,
  services: Readonly<Record<ServiceName, ManagedProcess>>,
): Deployment {
  const { paths, registry } = plan
  return {
    url: plan.url,
    downstreamUrl: plan.downstreamUrl,
    storagePath: paths.storage,
    storage,
    releasesPath: paths.releases,
    notesPath: join(paths.data, 'faults'),
    signal: registry.supervision.signal,
    bridgectl: (...args) => runBridgectl(plan, args),
    pid: name => services[name].known?.pid,
    start: name => services[name].start(),
    stop: name => services[name].stop(),
    restart: name => services[name].restart(),
  }
}

/** Runs the operators' command against this lab and gives what it printed. */
export async function runBridgectl({ paths, env, url, registry }: LabPlan, args: readonly string[]): Promise<string> {
  const { signal } = registry.supervision
  const variables = { ...env, UPLOAD_BRIDGE_CONFIG: paths.config, UPLOAD_BRIDGE_URL: url }
  try {
    const { stdout } = await promisify(execFile)(join(paths.bin, 'bridgectl'), args, { env: variables, signal })
    return stdout
  } catch (cause) {
    signal.throwIfAborted()
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause)
    throw new LabError('part-failed', `bridgectl ${args.join(' ')} failed: ${said.trim()}`, { cause })
  }
}
