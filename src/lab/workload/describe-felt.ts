import type { Felt } from '../../lab-port/index.ts'
import type { Traffic } from './traffic.ts'

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
