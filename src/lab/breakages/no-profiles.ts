import { defectiveRelease } from '../kit/defective-release.ts'

/** Slowness is repaired by guessing. */
export const noProfiles = defectiveRelease({
  name: 'no-profiles',
  title: 'No profile can be taken',
  summary: 'A release does not look for requests of bridgectl profile',
  code: `require('node:fs').watchFile = () => undefined`,
})
