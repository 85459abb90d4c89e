import { Session } from 'node:inspector/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { ProfileRequest } from './profile-request.ts'

/**
 * Looks at this process for a while: where its time goes, or which functions allocate. Both are sampled: the process goes on
 * working, and the profile names functions, never what they work on.
 */
export async function takeProfile({ kind, duration }: ProfileRequest): Promise<string> {
  const session = new Session()
  session.connect()
  try {
    if (kind === 'memory') {
      await session.post('HeapProfiler.startSampling')
      await wait(duration)
      return JSON.stringify((await session.post('HeapProfiler.stopSampling')).profile)
    }
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
    await wait(duration)
    return JSON.stringify((await session.post('Profiler.stop')).profile)
  } finally {
    session.disconnect()
  }
}
