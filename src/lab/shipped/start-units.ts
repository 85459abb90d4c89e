import { LabError } from '../../lab-port/index.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import { answers, waitUntil } from '../processes/wait-until.ts'
import { PAGE } from './page-blocks.ts'
import type { Sandbox } from './sandbox.ts'
import type { Unit } from './unit-file.ts'

/** The longest time for the service to get ready once everything it needs is ready, in milliseconds. */
const READY_LIMIT = 60_000

/** The programs of the units, once these are known. */
export interface StartedUnits {
  readonly services: Readonly<Record<'api' | 'worker', ManagedProcess>>
  /** Their units. */
  readonly units: readonly string[]
  /** The directives that do not hold. */
  readonly missing: readonly string[]
}

export function demandUnits(started: StartedUnits | undefined): StartedUnits {
  if (started) return started
  throw new LabError('part-failed', 'the units were not read')
}

/** Adds the programs of the units to the lab, each in its sandbox. */
export function addUnits(plan: LabPlan, sandboxes: readonly Sandbox[], units: readonly Unit[]): StartedUnits {
  const add = (name: 'api' | 'worker') => {
    const at = units.findIndex(unit => unit.name === `upload-bridge-${name}`)
    const sandbox = sandboxes[at]
    if (!sandbox) throw new LabError('part-failed', `${PAGE} does not start upload-bridge-${name}`)
    const { before, command, env, cwd, reloadSignal } = sandbox
    const isReady = () => answers(`http://127.0.0.1:${plan.ports[name]}/livez`)
    return plan.registry.add({ name, before, command, env, cwd, reloadSignal, log: logPath(plan, name), isReady })
  }
  return {
    services: { api: add('api'), worker: add('worker') },
    units: units.map(({ name }) => name),
    missing: [...new Set(sandboxes.flatMap(({ missing }) => missing))],
  }
}

/** Starts the program of a unit, and waits until it is ready to work. */
export async function startUnit(name: 'api' | 'worker', service: ManagedProcess, plan: LabPlan): Promise<string> {
  const { signal } = plan.registry.supervision
  const url = `http://127.0.0.1:${plan.ports[name]}`
  await service.start()
  if (await waitUntil(() => answers(`${url}/readyz`), { timeout: READY_LIMIT, signal }))
    return `${url}, as its unit says`
  throw new LabError('part-failed', `${name} did not get ready; its log is ${service.program.log}`)
}
