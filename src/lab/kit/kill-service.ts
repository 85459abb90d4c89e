import { identify, signalProcess } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import type { ServiceName } from '../lab.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment } from './fault.ts'

/** Kills a service by SIGKILL, as the kernel does when memory runs out; it stays dead until somebody starts it. */
export async function killService(deployment: Deployment, service: ServiceName): Promise<void> {
  const pid = deployment.pid(service)
  const identity = pid === undefined ? undefined : identify(pid)
  if (!identity) throw new LabError('cannot-break', `the ${service} does not run, so it cannot be killed`)
  signalProcess(identity, 'SIGKILL')
  const isGone = () => deployment.pid(service) === undefined
  if (await waitUntil(isGone, { timeout: 5000, signal: deployment.signal })) return
  throw new LabError('cannot-break', `the ${service} does not die`)
}
