import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Inspect, type Inspections, inspectPages } from './inspect-pages.ts'

/** With fewer pages a thread saves no time: each starts a compiler, and V8 compiles for each anew, on what cores there are. */
const PAGES_A_THREAD = 400
const MOST_THREADS = 4

/**
 * Inspects pages on as many threads as are worth their start. What they run, `inspect.entry.ts` as `inspect.cjs`, lies beside whatever
 * bundle this is in.
 */
export const inspectInThreads: Inspect = async (sources, facts) => {
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(sources.length / PAGES_A_THREAD))
  if (threads < 2) return inspectPages(sources, facts)
  const shares = Array.from({ length: threads }, (_, thread) => sources.filter((_, at) => at % threads === thread))
  const parts = await Promise.all(
    shares.map(async share => {
      const worker = new Worker(join(__dirname, 'inspect.cjs'), {
        workerData: { sources: share, facts },
        // Syntax trees come and go by the hundred: room for them saves a tenth of the time.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      })
      const [found]: Inspections[] = await once(worker, 'message')
      return found ?? { inspections: [], failures: [] }
    }),
  )
  const found = new Map(
    parts.flatMap(({ inspections }) => inspections.map(inspection => [inspection.page.path, inspection] as const)),
  )
  return {
    inspections: sources.flatMap(({ path }) => found.get(path) ?? []),
    failures: parts.flatMap(({ failures }) => failures),
  }
}
