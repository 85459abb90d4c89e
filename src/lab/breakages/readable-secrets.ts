import { statSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import type { Fault } from '../kit/fault.ts'

/** Whoever has an account on the machine has the database. */
export const readableSecrets: Fault = {
  name: 'readable-secrets',
  title: 'Everybody on the machine may read the secrets',
  summary: 'The configuration file, with the password of the database, is readable by all',
  kind: 'defect',
  start: ({ configPath }) => chmod(configPath, 0o644),
  stop: ({ configPath }) => chmod(configPath, 0o600),
  isActive: ({ configPath }) => ((statSync(configPath, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) > 0,
}
