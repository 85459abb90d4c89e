import { existsSync } from 'node:fs'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment, Fault } from './fault.ts'

/** How far the wrong clock is ahead, in seconds. */
export const AHEAD = 90

/** A fault that gives a service a clock of its own. Only what it computes with changes: intervals last as long as they do. */
export function wrongClock(service: 'api' | 'worker', told: Pick<Fault, 'name' | 'title' | 'summary'>): Fault {
  /** The process with the wrong clock in each lab, by its folder of notes. */
  const wrong = new Map<string, number>()
  // Whoever starts it anew starts it with the machine's clock.
  const isActive = (deployment: Deployment) => {
    const pid = wrong.get(deployment.notesPath)
    return pid !== undefined && deployment.pid(service) === pid
  }
  return {
    ...told,
    async start(deployment) {
      const env = fakeTime()
      await deployment.stop(service)
      await deployment.start(service, env)
      const pid = deployment.pid(service)
      if (pid === undefined) throw new LabError('cannot-break', `the ${service} did not start with another clock`)
      wrong.set(deployment.notesPath, pid)
    },
    async stop(deployment) {
      if (isActive(deployment)) await deployment.restart(service)
      wrong.delete(deployment.notesPath)
    },
    isActive,
  }
}

/** The variables that give a process a clock which is ahead. Throws when libfaketime is missing. */
export function fakeTime(): Readonly<Record<string, string>> {
  const library = LIBRARIES.find(path => existsSync(path))
  if (library === undefined)
    throw new LabError('cannot-break', 'libfaketime is not installed, which gives another clock: npm run setup')
  // As when a clock is wrong: what measures intervals, and the times of files, stay as they are.
  return {
    LD_PRELOAD: library,
    FAKETIME: `+${AHEAD}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
    FAKETIME_DISABLE_SHM: '1',
  }
}

/** Where Debian puts the library, on the machines that it runs on. */
const LIBRARIES = ['x86_64', 'aarch64'].map(machine => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
