import { readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request as requestHttp, type Server } from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import { pipeline } from 'node:stream'
import type { LabPlan } from '../plan/lab-plan.ts'
import { customerKeyFile, metricsKeyFile } from './install-service.ts'

/**
 * The way in for the lab's own clients, the workload and the faults, which send without a key and without TLS: whatever has no key gets
 * the one of a customer, and goes on to nginx as from any customer. Metrics, which nginx shows nobody, are asked for inside.
 */
export async function openClientDoor(plan: LabPlan, authority: string): Promise<Server> {
  const [ca, customer, metrics] = await Promise.all(
    [authority, customerKeyFile(plan), metricsKeyFile(plan)].map(path => readFile(path, 'utf8')),
  )
  const here = doorUrl(plan)
  const agent = new Agent({ ca, keepAlive: true, timeout: 5000 })
  const server = createServer((incoming, answer) => {
    const isMetrics = incoming.url === '/metrics'
    const key = isMetrics ? metrics : customer
    const headers = { authorization: `Bearer ${key?.trim()}`, ...incoming.headers }
    const options = { method: incoming.method, headers }
    const outgoing = isMetrics
      ? requestHttp(`http://127.0.0.1:${plan.ports.api}/metrics`, options)
      : requestHttps(`${plan.url}${incoming.url}`, { ...options, agent })
    outgoing.on('response', response => {
      answer.writeHead(response.statusCode ?? 502, redirect(response.headers, plan.url, here))
      pipeline(response, answer, () => undefined)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy())
    pipeline(incoming, outgoing, () => undefined)
  })
  server.requestTimeout = 0
  server.listen(plan.ports.door, '127.0.0.1')
  return server.unref()
}

/** The address of the door. */
export function doorUrl({ ports }: Pick<LabPlan, 'ports'>): string {
  return `http://127.0.0.1:${ports.door}`
}

/** A client goes on where it began. */
function redirect(headers: IncomingHttpHeaders, from: string, to: string): IncomingHttpHeaders {
  const { location } = headers
  return location === undefined ? headers : { ...headers, location: location.replace(from, to) }
}
