import { setTimeout as sleep } from 'node:timers/promises'
import { identify, type ProcessIdentity, signalProcess } from '../../../base/index.ts'
import { LabError } from '../../../lab-port/index.ts'
import { ageRelease } from '../../kit/aged-release.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'

/** For how long the debugger stops the process for each sample, and lets it run, in milliseconds. */
const STOPPED = 850
const RUNNING = 150

/** The process that each lab's debugger is attached to, by the lab's folder of notes. */
const attached = new Map<string, ProcessIdentity>()

/** Somebody samples the API with a debugger, and forgets it. It ends with the process. */
export const debuggerAttached: Fault = {
  name: 'debugger-attached',
  title: 'A debugger was left attached to the API',
  summary:
    'Somebody takes samples of the API with a debugger that stops it for 0.85 s of every second, and forgets it; requests are answered late',
  async start(deployment) {
    const pid = deployment.pid('api')
    const identity = pid === undefined ? undefined : identify(pid)
    if (!identity) throw new LabError('cannot-break', 'the api does not run, so no debugger can be attached')
    await ageRelease(deployment)
    attached.set(deployment.notesPath, identity)
    void takeSamples(deployment, identity)
  },
  async stop({ notesPath }) {
    const identity = attached.get(notesPath)
    attached.delete(notesPath)
    if (identity) signalProcess(identity, 'SIGCONT')
  },
  // Whoever starts the API anew starts it without the debugger.
  isActive: deployment => {
    const pid = attached.get(deployment.notesPath)?.pid
    return pid !== undefined && deployment.pid('api') === pid
  },
}

/** Stops the process, and lets it go on, until it is gone or the debugger is detached. */
async function takeSamples(deployment: Deployment, identity: ProcessIdentity): Promise<void> {
  const { signal } = deployment
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal }).catch(() => undefined)
  while (debuggerAttached.isActive(deployment) && !signal.aborted) {
    signalProcess(identity, 'SIGSTOP')
    await pause(STOPPED)
    signalProcess(identity, 'SIGCONT')
    await pause(RUNNING)
  }
}
