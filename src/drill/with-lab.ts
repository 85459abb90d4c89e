import { setTimeout as sleep } from 'node:timers/promises'
import type { LabStatus, RunningWorkload } from '../lab-port/index.ts'
import type { LabWorld } from '../operate/index.ts'
import { type Intensity, startSideBySide } from './intensity.ts'

/** The longest waits of each stage, in milliseconds. */
export const PATIENCE = { work: 120_000, fire: 180_000, notify: 30_000, clear: 180_000, still: 10_000, count: 120_000 }

/** A lab that runs and is used. */
export interface InUse {
  readonly status: LabStatus
  readonly workload: RunningWorkload | undefined
  /** When its use began, by this process's monotonic clock. */
  readonly began: number
  /** Waits until so many more were acknowledged that the deployment counts; `false` when they were not. */
  readonly works: () => Promise<boolean>
}

/** A lab, and how much it is used; little, by default. */
export interface UsedLab extends LabWorld {
  readonly intensity?: Intensity
}

/**
 * Brings a lab up, and uses it as its customers do for as long as `use` takes. `use` gets nothing when it does not run any more. Throws
 * when it does not come up. It is down in the end, whatever happens.
 */
export async function withLab<Found>(
  { lab, directory, rules, timeScale, signal, prometheus, profile, intensity = 'low' }: UsedLab,
  log: (line?: string) => void,
  use: (inUse: InUse | undefined) => Promise<Found>,
): Promise<Found> {
  log()
  await lab.up({
    directory,
    rules,
    timeScale,
    signal,
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(profile === undefined ? {} : { profile }),
    log,
  })
  let workload: RunningWorkload | undefined
  try {
    const status = await lab.status(directory)
    if (!status) return await use(undefined)
    const began = performance.now()
    workload = lab.workload && startSideBySide(lab.workload, status, intensity)
    const works = () => waitForMore(workload, lab.workload?.enough ?? 0, PATIENCE.work, signal)
    return await use({ status, workload, began, works })
  } finally {
    try {
      await workload?.stop()
    } finally {
      await lab.down(directory, { now: true })
    }
  }
}

/** The seconds since a moment of this process's monotonic clock, to a tenth. */
export function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10
}

/**
 * Waits until `more` further acknowledgements of a workload. Returns `false` at the timeout in milliseconds, or when it was cancelled.
 * Without a workload it returns at once.
 */
async function waitForMore(
  workload: Pick<RunningWorkload, 'acknowledged'> | undefined,
  more: number,
  timeout: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!workload) return true
  const wanted = workload.acknowledged() + more
  const deadline = Date.now() + timeout
  while (workload.acknowledged() < wanted) {
    if (Date.now() > deadline || signal.aborted) return false
    await sleep(50)
  }
  return true
}
