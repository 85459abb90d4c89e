import { setTimeout as sleep } from 'node:timers/promises'
import type { LabStatus, RunningWorkload, Workload } from '../../lab-port/index.ts'
import type { Customer } from '../customer/call-service.ts'
import { readUploadState } from '../kit/send-upload.ts'
import { startCustomers } from './customers.ts'
import { describeFelt } from './describe-felt.ts'
import { type Acknowledged, startTraffic, type Traffic } from './traffic.ts'

/** The workload of customers who upload continuously. Every acknowledged upload must be delivered, or held for a reason. */
export const uploadWorkload: Workload = {
  name: 'uploads',
  enough: 50,
  start: status => watch(startTraffic(findCustomer(status)), status),
  practise: (status, tell) => watch(startCustomers(findCustomer(status), tell), status),
}

function watch(traffic: Traffic, status: LabStatus): RunningWorkload {
  const began = Date.now()
  return {
    acknowledged: () => traffic.acknowledged.length,
    felt: () => describeFelt(traffic.attempts, { from: began, to: Date.now() }),
    stop: () => traffic.stop(),
    async verify(timeout) {
      const deployed = { customer: findCustomer(status), downstreamUrl: String(status.target.downstreamUrl) }
      const { delivered, held, lost } = await countUploads(traffic.acknowledged, deployed, timeout)
      return { lost, counts: { delivered, held } }
    },
  }
}

/** What the lab says that a customer has. */
function findCustomer(status: LabStatus): Customer {
  const { customer }: { customer?: Customer | undefined } = { customer: undefined, ...status }
  return customer ?? { url: String(status.target.url) }
}

/** Where acknowledged uploads are looked for. */
interface Deployed {
  readonly customer: Customer
  readonly downstreamUrl: string
}

/** The result for acknowledged uploads. */
interface UploadCounts {
  readonly acknowledged: number
  readonly delivered: number
  readonly held: number
  readonly lost: number
}

/**
 * Looks for every acknowledged upload downstream, with an equal SHA-256, for at most `timeout` milliseconds. An upload that is missing
 * there and is not held for a recorded reason is lost.
 */
export async function countUploads(
  acknowledged: readonly Acknowledged[],
  deployed: Deployed,
  timeout: number,
): Promise<UploadCounts> {
  const deadline = Date.now() + timeout
  for (;;) {
    const arrived = await listReceived(deployed.downstreamUrl)
    const missing = acknowledged.filter(({ id, sha256 }) => arrived.get(id) !== sha256)
    if (missing.length === 0 || Date.now() > deadline) {
      const held = (await Promise.all(missing.map(upload => isHeld(upload, deployed.customer)))).filter(Boolean).length
      return {
        acknowledged: acknowledged.length,
        delivered: acknowledged.length - missing.length,
        held,
        lost: missing.length - held,
      }
    }
    await sleep(200)
  }
}

async function listReceived(downstreamUrl: string): Promise<Map<string, string>> {
  const answer = await fetch(new URL('/received', downstreamUrl)).catch(() => undefined)
  const received: unknown = answer?.ok ? await answer.json() : []
  const arrived = new Map<string, string>()
  for (const item of Array.isArray(received) ? received : []) {
    if (typeof item?.id === 'string' && typeof item?.sha256 === 'string') arrived.set(item.id, item.sha256)
  }
  return arrived
}

async function isHeld({ id }: Acknowledged, customer: Customer): Promise<boolean> {
  const state = await readUploadState(customer, id, AbortSignal.timeout(10_000)).catch(() => undefined)
  return state === 'held'
}
