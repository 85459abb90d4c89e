import { identify, isFrozen, signalProcess } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { ServiceName } from '../status.ts'
import type { Deployment } from './fault.ts'

/** Kills a service by SIGKILL, like the kernel when memory runs out. It stays down until somebody starts it. */
export async function killService(deployment: Deployment, service: ServiceName): Promise<void> {
  const pid = deployment.pid(service)
  const identity = pid === undefined ? undefined : identify(pid)
  if (!identity) throw new LabError('cannot-break', `the ${service} does not run, so it cannot be killed`)
  signalProcess(identity, 'SIGKILL')
  const isGone = () => deployment.pid(service) === undefined
  if (await waitUntil(isGone, { timeout: 5000, signal: deployment.signal })) return
  throw new LabError('cannot-break', `the ${service} does not die`)
}

/** Freezes a service by SIGSTOP. It accepts connections and never answers. */
export async function freeze(deployment: Deployment, service: ServiceName): Promise<void> {
  const pid = deployment.pid(service)
  const identity = pid === undefined ? undefined : identify(pid)
  if (!identity) throw new LabError('cannot-break', `the ${service} does not run, so it cannot hang`)
  signalProcess(identity, 'SIGSTOP')
  if (await waitUntil(() => isFrozen(identity.pid), { timeout: 5000, signal: deployment.signal })) return
  throw new LabError('cannot-break', `the ${service} does not freeze`)
}

/** Continues a frozen service, or starts it. A service that was restarted since is a new process and not frozen. */
export async function thaw(deployment: Deployment, service: ServiceName): Promise<void> {
  const pid = findFrozen(deployment, service)
  const identity = pid === undefined ? undefined : identify(pid)
  if (identity) signalProcess(identity, 'SIGCONT')
  await deployment.start(service)
}

/** The process of a service, when it is frozen. */
export function findFrozen(deployment: Deployment, service: ServiceName): number | undefined {
  const pid = deployment.pid(service)
  return pid !== undefined && isFrozen(pid) ? pid : undefined
}
