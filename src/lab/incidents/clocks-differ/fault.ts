import { existsSync } from 'node:fs'
import { LabError } from '../../../lab-port/index.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** How far the API's clock is ahead, in seconds. */
const AHEAD = 90

/** The API with the wrong clock in each lab, by its folder of notes. */
const wrong = new Map<string, number>()

/** The API runs with a clock that is ahead of the database's. Only what it computes with changes: intervals last as long as they do. */
export const clocksDiffer: Fault = {
  name: 'clocks-differ',
  title: "The API's clock is ahead",
  summary: `The API is started with libfaketime, so that its clock is ${AHEAD} s ahead of the database's and the worker's`,
  async start(deployment) {
    const env = fakeTime()
    await deployment.stop('api')
    await deployment.start('api', env)
    const pid = deployment.pid('api')
    if (pid === undefined) throw new LabError('cannot-break', 'the API did not start with another clock')
    wrong.set(deployment.notesPath, pid)
  },
  async stop(deployment) {
    if (clocksDiffer.isActive(deployment)) await deployment.restart('api')
    wrong.delete(deployment.notesPath)
  },
  // Whoever starts it anew starts it with the machine's clock.
  isActive: (deployment: Deployment) => {
    const pid = wrong.get(deployment.notesPath)
    return pid !== undefined && deployment.pid('api') === pid
  },
}

function fakeTime(): Readonly<Record<string, string>> {
  const library = LIBRARIES.find(path => existsSync(path))
  if (library === undefined)
    throw new LabError('cannot-break', 'libfaketime is not installed, which gives the API another clock: npm run setup')
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
