import { readdirSync, readFileSync } from 'node:fs'
import { identify, isFrozen, type ProcessIdentity, signalProcess } from '../../base/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { ServiceName } from '../status.ts'
import type { Deployment } from './fault.ts'

/** Freezes a service and the processes that it started by SIGSTOP. What connects to it is taken, and waits for ever. */
export async function freezeTree(deployment: Deployment, service: ServiceName): Promise<void> {
  const whole: ProcessIdentity[] = []
  if (listTree(deployment, service).length === 0)
    throw new LabError('cannot-break', `the ${service} does not run, so it cannot hang`)
  // Frozen, PostgreSQL’s processes would outlive the lab: they are sessions of their own.
  const goOn = () => whole.forEach(each => void signalProcess(each, 'SIGCONT'))
  deployment.signal.addEventListener('abort', goOn, { once: true })
  const areAll = () => {
    const awake = listTree(deployment, service).filter(({ pid }) => !isFrozen(pid))
    // One may have been forked while the others were looked for.
    for (const each of awake) {
      signalProcess(each, 'SIGSTOP')
      whole.push(each)
    }
    return awake.length === 0
  }
  if (await waitUntil(areAll, { timeout: 5000, signal: deployment.signal })) return
  throw new LabError('cannot-break', `the ${service} does not freeze`)
}

/** Continues what is frozen of a service, or starts it. */
export async function thawTree(deployment: Deployment, service: ServiceName): Promise<void> {
  for (const each of findFrozenTree(deployment, service)) signalProcess(each, 'SIGCONT')
  await deployment.start(service)
}

/** The processes of a service that are frozen. */
export function findFrozenTree(deployment: Deployment, service: ServiceName): readonly ProcessIdentity[] {
  return listTree(deployment, service).filter(({ pid }) => isFrozen(pid))
}

/** A service's process first, so that it starts no more, and then its children. */
function listTree(deployment: Deployment, service: ServiceName): readonly ProcessIdentity[] {
  const parent = deployment.pid(service)
  if (parent === undefined) return []
  const children = readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && readParent(pid) === parent)
  return [parent, ...children].flatMap(pid => identify(pid) ?? [])
}

/** The parent of a process; undefined when it is gone. */
function readParent(pid: number): number | undefined {
  try {
    // The name before it may have spaces and brackets.
    const after = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)
    return Number(after?.split(' ')[1])
  } catch {
    return undefined
  }
}
