import { lutimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '../../kit/fault.ts'
import { leakingRelease } from '../../kit/leaking-release.ts'

const AGE_SECONDS = 3 * 24 * 3600

const leaking = leakingRelease({
  name: 'memory-leak',
  title: 'The API leaks memory',
  summary:
    'A release that is three days old keeps 4 MB each second in a cache that nothing empties; its memory only grows',
})

/** A release that leaks. It was deployed days ago, so that nobody thinks of the deployment. */
export const memoryLeak: Fault = {
  ...leaking,
  async start(deployment) {
    await leaking.start(deployment)
    // Simulates time: the release that was just activated looks three days old.
    const then = Date.now() / 1000 - AGE_SECONDS
    await lutimes(join(deployment.releasesPath, 'current'), then, then)
  },
}
