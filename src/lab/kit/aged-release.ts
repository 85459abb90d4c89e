import { lutimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Deployment } from './fault.ts'

const AGE_SECONDS = 3 * 24 * 3600

/** Simulates time: the release that is in use looks as if it was activated three days ago, so that nobody thinks of the deployment. */
export async function ageRelease({ releasesPath }: Deployment): Promise<void> {
  const then = Date.now() / 1000 - AGE_SECONDS
  await lutimes(join(releasesPath, 'current'), then, then)
}
