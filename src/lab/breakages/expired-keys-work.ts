import { changeKeys, defectiveRelease } from '../kit/defective-release.ts'

/** A date that is shown in lists. */
export const expiredKeysWork = defectiveRelease({
  name: 'expired-keys-work',
  title: 'Keys that have expired still work',
  summary: 'A release of the API does not look at when a key expires',
  code: changeKeys('({ expiresAt, ...key }) => key'),
})
