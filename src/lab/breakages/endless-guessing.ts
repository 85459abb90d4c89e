import { editedConfiguration } from '../kit/edited-configuration.ts'

/** A client with a wrong key kept its whole office out. */
export const endlessGuessing = editedConfiguration({
  name: 'endless-guessing',
  title: 'Keys can be guessed as often as one likes',
  summary: 'auth.maxFailures is 1000000 in the configuration',
  set: { 'auth.maxFailures': 1_000_000 },
})
