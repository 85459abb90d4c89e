import { queryPrometheus } from '../alerts/index.ts'
import type { PromSample } from '../procedure/index.ts'

/** What `prom()` of a block gives. Rejects when there is no Prometheus, it does not answer, or the query is wrong. */
export async function askPrometheus(url: string | undefined, query: string): Promise<readonly PromSample[]> {
  if (url === undefined) throw new Error('this environment has no Prometheus')
  const samples = await queryPrometheus(url, query)
  return samples.map(({ labels, value }) => ({ labels, value }))
}
