import type { ServiceAction } from '../../environments/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { lastLines } from '../processes/last-lines.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import type { ServiceAnswer } from './control-server.ts'

/** What can be done to a service of a lab. */
export const SERVICE_ACTIONS: readonly ServiceAction[] = ['start', 'stop', 'restart', 'reload', 'status', 'logs']

/** `status` of a service that does not run, as systemd has it. */
const NOT_RUNNING = 3

/** Does something to a service; what went wrong with it is an answer with exit code 1, not an exception. */
export async function commandService(service: ManagedProcess, action: string): Promise<ServiceAnswer> {
  const known = SERVICE_ACTIONS.find(name => name === action)
  if (!known) {
    throw new LabError('unknown-command', `a service cannot ${action}; it can ${SERVICE_ACTIONS.join(', ')}`)
  }
  try {
    return await perform(service, known)
  } catch (error) {
    return { exitCode: 1, output: error instanceof Error ? error.message : String(error) }
  }
}

async function perform(service: ManagedProcess, action: ServiceAction): Promise<ServiceAnswer> {
  switch (action) {
    case 'start':
      await service.start()
      return describe(service)
    case 'stop':
      await service.stop()
      return { ...describe(service), exitCode: 0 }
    case 'restart':
      await service.restart()
      return describe(service)
    case 'reload':
      service.reload()
      return describe(service)
    case 'status':
      return describe(service)
    case 'logs':
      return { exitCode: 0, output: (await lastLines(service.program.log, 1000)).join('\n') }
    default:
      return action satisfies never
  }
}

function describe({ program, known }: ManagedProcess): ServiceAnswer {
  if (!known) return { exitCode: NOT_RUNNING, output: `${program.name} is stopped` }
  return { exitCode: 0, output: `${program.name} runs as process ${known.pid}` }
}
