import type { Felt, Workload } from '../../lab-port/index.ts'
import { countUploads } from './count-uploads.ts'
import { startTraffic, type Traffic } from './traffic.ts'

/** Customers who upload steadily, and what they were promised: that every acknowledged upload is delivered, or held for a reason. */
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

/** How it felt until `now`, in milliseconds of this process's clock. */
export function describeFelt({ acknowledged, failed }: Pick<Traffic, 'acknowledged' | 'failed'>, now: number): Felt {
  const attempts = acknowledged.length + failed()
  const times = [...acknowledged.map(({ at }) => at), now]
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return {
    failedShare: attempts === 0 ? 0 : Math.round((failed() / attempts) * 1000) / 1000,
    longestGapSeconds: Math.round(Math.max(0, ...gaps) / 100) / 10,
  }
}
