import { setTimeout as sleep } from 'node:timers/promises'
import { listFiring } from '../../alerts/index.ts'
import type { RunStore } from '../../journal/index.ts'
import { type Lab, LabError, type LabStatus } from '../../lab-port/index.ts'
import { UsageError } from '../../operate/index.ts'

/** What a practice needs of the world. */
export interface PracticeWorld {
  readonly lab: Lab
  readonly directory: string
  /** The folder of the Prometheus rules. */
  readonly rules: string
  readonly profile?: string
  /** Where runs of the lab's pages are recorded. */
  readonly store: RunStore
  /** Aborts when the practice is given up. */
  readonly signal: AbortSignal
  /** Aborts when nobody wants to wait for the count any more. */
  readonly hurry: AbortSignal
}

/** A lab that is whole and watched. */
export interface PracticeLab {
  readonly status: LabStatus
  /** Whether it was started for this. */
  readonly isOwn: boolean
}

/** How many times faster than in production the alert rules run: as in `handbook lab up`. */
const TIME_SCALE = 60
/** Milliseconds until nothing may fire any more, and between two looks. */
const PATIENCE = 60_000
const LOOK_EVERY = 500

/**
 * Uses the lab that runs, or starts one. Throws when something is broken in it already: nobody could tell that from what comes. Also when
 * it has no Alertmanager, because then nobody would be paged.
 */
export async function openPracticeLab(world: PracticeWorld, say: (line: string) => void): Promise<PracticeLab> {
  const { lab, directory, rules, profile, signal } = world
  const running = await lab.status(directory)
  if (running) {
    if (running.faults.length > 0)
      throw new UsageError(
        `The lab is broken already: ${running.faults.join(', ')}`,
        'Heal it first: handbook lab heal',
      )
    demandPager(running)
    return { status: running, isOwn: false }
  }
  const own = profile === undefined ? {} : { profile }
  let isUp = false
  // Later it says which of its parts ended: that would tell what is broken.
  const log = (line: string) => isUp || say(line)
  await lab.up({ directory, rules, timeScale: TIME_SCALE, ...own, prometheus: true, log, signal })
  isUp = true
  try {
    const status = await lab.status(directory)
    if (!status) throw new LabError('part-failed', 'the lab came up, but does not run any more')
    demandPager(status)
    return { status, isOwn: true }
  } catch (error) {
    await lab.down(directory)
    throw error
  }
}

function demandPager({ alertmanagerUrl }: LabStatus): void {
  if (alertmanagerUrl === undefined)
    throw new LabError('missing-program', 'the lab has no Alertmanager, so nobody would be paged')
}

/** Waits until no alert fires in a whole lab; those of an earlier fault take some seconds to end. Throws when they go on. */
export async function waitForQuiet(status: LabStatus, signal: AbortSignal): Promise<void> {
  const { alertmanagerUrl = '', deadMansSwitch } = status
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const firing = await listFiring(alertmanagerUrl, {}, AbortSignal.timeout(10_000)).catch(cause => {
      throw new LabError('part-failed', 'the lab’s Alertmanager does not answer', { cause })
    })
    const others = [...new Set(firing.map(({ name }) => name))].filter(name => name !== deadMansSwitch?.alert)
    if (others.length === 0 || signal.aborted) return
    if (Date.now() > deadline)
      throw new UsageError(`In the lab ${others.join(', ')} fires already`, 'Wait until nothing does: handbook alerts')
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
  }
}
