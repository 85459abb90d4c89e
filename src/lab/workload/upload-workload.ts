import { setTimeout as sleep } from 'node:timers/promises'
import type { Felt, Workload } from '../../lab-port/index.ts'
import { type Acknowledged, startTraffic, type Traffic } from './traffic.ts'

/** The workload of customers who upload continuously. Every acknowledged upload must be delivered, or held for a reason. */
export const uploadWorkload: Workload = {
  name: 'uploads',
  enough: 50,
  start({ target }) {
    const url = String(target.url)
    const traffic = startTraffic(url)
    return {
      acknowledged: () => traffic.acknowledged.length,
      felt: () => describeFelt(traffic, Date.now()),
      stop: () => traffic.stop(),
      async verify(timeout) {
        const deployed = { url, downstreamUrl: String(target.downstreamUrl) }
        const { delivered, held, lost } = await countUploads(traffic.acknowledged, deployed, timeout)
        return { lost, counts: { delivered, held } }
      },
    }
  },
}

/** How the deployment felt to users until `now`, in milliseconds of this process's clock. */
export function describeFelt({ acknowledged, failed }: Pick<Traffic, 'acknowledged' | 'failed'>, now: number): Felt {
  const attempts = acknowledged.length + failed()
  const times = [...acknowledged.map(({ at }) => at), now]
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return {
    failedShare: attempts === 0 ? 0 : Math.round((failed() / attempts) * 1000) / 1000,
    longestGapSeconds: Math.round(Math.max(0, ...gaps) / 100) / 10,
  }
}

/** The addresses where acknowledged uploads are looked for. */
interface Deployed {
  readonly url: string
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
      const held = (await Promise.all(missing.map(upload => isHeld(upload, deployed.url)))).filter(Boolean).length
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

async function isHeld({ id }: Acknowledged, url: string): Promise<boolean> {
  const answer = await fetch(new URL(`/uploads/${id}`, url)).catch(() => undefined)
  const body: unknown = answer?.ok ? await answer.json() : undefined
  return typeof body === 'object' && body !== null && 'state' in body && body.state === 'held'
}
