import { LabError } from '../../lab-port/index.ts'
import { type ControlledLab, commandService } from '../control/control-server.ts'
import { faults } from '../incidents/index.ts'
import type { Deployment, Fault } from '../kit/fault.ts'
import { mutations } from '../mutations/index.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import { type BridgeLabStatus, SERVICE_NAMES, type ServiceName } from '../status.ts'

/** The parts of a running lab. */
export interface LabParts {
  readonly facts: Omit<BridgeLabStatus, 'state' | 'faults' | 'processes' | 'started'>
  /** How long its start took. */
  readonly started: BridgeLabStatus['started']
  /** The process of a service. Throws `LabError` when this lab has none. */
  readonly findService: (name: ServiceName) => ManagedProcess
  readonly deployment: Deployment
  /** The processes that run now. */
  processes(): BridgeLabStatus['processes']
  /** Ends everything. Nothing can be started afterwards. */
  end(now: boolean): Promise<void>
}

/** The parts of a lab that has just come up, and whether it is a copy of one that was kept. */
export interface StartedParts extends Omit<LabParts, 'processes' | 'end' | 'started'> {
  readonly isCopy: boolean
}

/** Makes the running lab from its parts, with the actions on it. */
export function runLab(parts: LabParts): ControlledLab {
  const { deployment, facts, findService, started } = parts
  /** What was begun and is not undone, in this order, and what of it began whole. */
  const broken = new Set<Fault>()
  const whole = new Set<Fault>()
  let ending: Promise<void> | undefined
  let settle: () => void = () => undefined
  const ended = new Promise<void>(resolve => {
    settle = resolve
  })
  const inTurn = queue()

  async function stop(fault: Fault): Promise<void> {
    whole.delete(fault)
    await fault.stop(deployment)
    broken.delete(fault)
  }

  return {
    ended,
    status: () => ({
      state: ending ? 'stopping' : 'running',
      ...facts,
      started,
      faults: [...broken].filter(fault => fault.isActive(deployment)).map(fault => fault.name),
      processes: parts.processes(),
    }),
    break: name => {
      const fault = findFault(name)
      return inTurn(async () => {
        if (whole.has(fault) && fault.isActive(deployment)) return
        if (broken.has(fault)) await stop(fault)
        broken.add(fault)
        await fault.start(deployment)
        whole.add(fault)
      })
    },
    heal: name => {
      const healed = name === undefined ? undefined : findFault(name)
      return inTurn(async () => {
        const failed: unknown[] = []
        // The latest first, for it lies on those before it. One that cannot be healed keeps no other in effect.
        for (const fault of healed ? [healed] : [...broken].reverse())
          if (broken.has(fault)) await stop(fault).catch(error => failed.push(error))
        if (failed.length > 0) throw failed[0]
      })
    },
    service: (name, action) => commandService(findService(nameService(name)), action),
    down: ({ now = false } = {}) => {
      if (ending && !now) return ending
      ending = parts.end(now).finally(settle)
      return ending
    },
  }
}

function findFault(name: string): Fault {
  const fault = everyFault.find(known => known.name === name)
  if (fault) return fault
  throw new LabError('unknown-fault', `this lab has no fault "${name}"`)
}

function nameService(name: string): ServiceName {
  const service = SERVICE_NAMES.find(known => known === name)
  if (service) return service
  throw new LabError('unknown-command', `there is no service "${name}"; there are ${SERVICE_NAMES.join(', ')}`)
}

/** Runs one piece of work after the other, even after a failure. */
function queue(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/** All incidents and mutations of the lab. */
const everyFault: readonly Fault[] = [...faults, ...mutations]
