import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ServiceAction } from '../../environments/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { lastLines, type ManagedProcess } from '../processes/managed-process.ts'
import type { RunningLab } from '../status.ts'
import { openSocketPath } from './control-client.ts'

/** The actions on a lab that other processes may request. */
export interface ControlledLab extends RunningLab {
  /** Performs an action on a service and returns what there is to say about it. */
  service(name: string, action: string): Promise<ServiceAnswer>
}

/** The result of a service command. */
interface ServiceAnswer {
  readonly exitCode: number
  readonly output: string
}

/** Lets other processes of this user control a lab, by HTTP over a socket in its folder. */
export async function serveControl(directory: string, lab: ControlledLab): Promise<{ close(): Promise<void> }> {
  const socket = openSocketPath(directory)
  const server = createServer((request, response) => {
    answer(request, lab).then(
      body => send(response, 200, body),
      error => send(response, 400, describe(error)),
    )
  })
  server.requestTimeout = 0
  server.listen(socket.path)
  await once(server, 'listening')
  return {
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 500).unref()
      await closed
      socket.close()
    },
  }
}

async function answer(request: IncomingMessage, lab: ControlledLab): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lab')
  const [, verb = '', name = '', action = ''] = pathname.split('/')
  switch (`${request.method} ${verb}`) {
    case 'GET status':
      return lab.status()
    case 'POST break':
      return lab.break(searchParams.get('fault') ?? '')
    case 'POST heal':
      return lab.heal(searchParams.get('fault') ?? undefined)
    case 'POST services':
      return lab.service(name, action)
    case 'POST down':
      void lab.down({ now: searchParams.has('now') })
      return lab.status()
    default:
      throw new LabError('unknown-command', `${request.method} ${pathname} is not a command of a lab`)
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify(body ?? null))
}

function describe(error: unknown): unknown {
  if (error instanceof LabError) return { code: error.code, message: error.message }
  return { code: 'part-failed', message: error instanceof Error ? error.message : String(error) }
}

/** The actions on a service of a lab. */
export const SERVICE_ACTIONS: readonly ServiceAction[] = ['start', 'stop', 'restart', 'reload', 'status', 'logs']

/** The exit code of `status` for a stopped service, as in systemd. */
const NOT_RUNNING = 3

/** Performs an action on a service. A failure is an answer with exit code 1, not an exception. */
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
      return describeService(service)
    case 'stop':
      await service.stop()
      return { ...describeService(service), exitCode: 0 }
    case 'restart':
      await service.restart()
      return describeService(service)
    case 'reload':
      service.reload()
      return describeService(service)
    case 'status':
      return describeService(service)
    case 'logs':
      return { exitCode: 0, output: (await lastLines(service.program.log, 1000)).join('\n') }
    default:
      return action satisfies never
  }
}

function describeService({ program, known }: ManagedProcess): ServiceAnswer {
  if (!known) return { exitCode: NOT_RUNNING, output: `${program.name} is stopped` }
  return { exitCode: 0, output: `${program.name} runs as process ${known.pid}` }
}
