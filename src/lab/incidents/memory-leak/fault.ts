import { ageRelease } from '../../kit/aged-release.ts'
import type { Fault } from '../../kit/fault.ts'
import { leakingRelease } from '../../kit/leaking-release.ts'

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
    await ageRelease(deployment)
  },
}
