import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LabError } from '../../lab-port/index.ts'
import type { RunningLab } from '../lab.ts'
import { openSocketPath } from './socket-path.ts'

/** What other processes may ask of a lab. */
export interface ControlledLab extends RunningLab {
  /** Does something to a service and gives what there is to say about it. */
  service(name: string, action: string): Promise<ServiceAnswer>
}

/** What became of a service command. */
export interface ServiceAnswer {
  readonly exitCode: number
  readonly output: string
}

/** Lets other processes of this user command a lab, by HTTP over a socket in its folder. */
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
      void lab.down()
      return lab.status()
    default:
      throw new LabError('unknown-command', `${request.method} ${pathname} is nothing that a lab does`)
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
