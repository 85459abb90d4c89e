import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { queryPrometheus } from '../../alerts/index.ts'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment } from './fault.ts'

const HOUR = 3600
/** How long the past is, and the time between two of its samples, in seconds. */
const LENGTH = 28 * HOUR
const STEP = 20
/** The longest time until Prometheus sees a past, in milliseconds: it looks once a minute. */
const LIMIT = 90_000

/**
 * Simulates time: Prometheus remembers 28 hours before this lab, in which a metric had this value. Where there is no Prometheus, nobody
 * remembers anything.
 */
export async function givePast(
  { monitoring, notesPath, signal }: Deployment,
  metric: string,
  value: number,
): Promise<void> {
  if (!monitoring) return
  const { prometheusUrl, dataPath } = monitoring
  const series = await queryPrometheus(prometheusUrl, metric, signal)
  const end = await beginningOf(prometheusUrl, signal)
  const lines = series.flatMap(({ labels: { __name__: _, ...labels } }) => {
    const named = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`)
    return listTimes(end).map(time => `${metric}{${named.join(',')}} ${value} ${time}`)
  })
  const path = join(notesPath, `${metric}.openmetrics`)
  await writeFile(path, `# TYPE ${metric} gauge\n${lines.join('\n')}\n# EOF\n`)
  try {
    await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', path, dataPath], { signal })
  } catch (cause) {
    throw new LabError('cannot-break', `promtool could not give Prometheus a past: ${cause}`, { cause })
  } finally {
    await rm(path)
  }
  const isSeen = async () => (await queryPrometheus(prometheusUrl, `${metric} offset 26h`, signal)).length > 0
  if (await waitUntil(isSeen, { timeout: LIMIT, interval: 500, signal })) return
  throw new LabError('part-failed', `Prometheus does not see the past of ${metric}`)
}

/** The time of the first sample that Prometheus has of this lab, in seconds. */
async function beginningOf(url: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(`${url}/api/v1/status/tsdb`, { signal })
  const { data }: { data: { headStats: { minTime: number } } } = await answer.json()
  return Math.floor(data.headStats.minTime / 1000)
}

function listTimes(end: number): readonly number[] {
  return Array.from({ length: LENGTH / STEP }, (_, at) => end - LENGTH + at * STEP)
}
