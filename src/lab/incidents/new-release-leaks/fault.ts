import { leakingRelease } from '../../kit/leaking-release.ts'

/** A release that leaks, and was deployed just now. The one before it did not. */
export const newReleaseLeaks = leakingRelease({
  name: 'new-release-leaks',
  title: 'A new release of the API leaks memory',
  summary:
    'A release that was just deployed keeps 4 MB each second in a cache that nothing empties; its memory only grows',
})
