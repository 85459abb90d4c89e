import { queryPrometheus } from '../alerts/index.ts'
import type { PromSample } from '../procedure/index.ts'

/** Milliseconds that Prometheus gets to answer a block: less than any step has, so that the block can still say what it did not hear. */
const PATIENCE = 5000

/** What `prom()` of a block gives. Rejects when there is no Prometheus, it does not answer, or the query is wrong. */
export async function askPrometheus(url: string | undefined, query: string): Promise<readonly PromSample[]> {
  if (url === undefined) throw new Error('this environment has no Prometheus')
  const samples = await queryPrometheus(url, query, AbortSignal.timeout(PATIENCE))
  return samples.map(({ labels, value }) => ({ labels, value }))
}
