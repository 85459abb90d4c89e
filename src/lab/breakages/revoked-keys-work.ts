import { changeKeys, defectiveRelease } from '../kit/defective-release.ts'

/** Revoking is in the file, and nowhere else. */
export const revokedKeysWork = defectiveRelease({
  name: 'revoked-keys-work',
  title: 'Keys that were revoked still work',
  summary: 'A release of the API does not look at whether a key was revoked',
  code: changeKeys('({ revokedAt, ...key }) => key'),
})
