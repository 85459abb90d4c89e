import { createHash } from 'node:crypto'
import { listConfigurationKeys } from './keys.ts'
import type { Configuration } from './schema.ts'
import { valueAt } from './value-at.ts'

/** A key with the value in force; of a secret only whether it is set. */
export interface EffectiveValue {
  readonly key: string
  /** Durations in milliseconds, sizes in bytes; null when not set. */
  readonly value: unknown
}

/** Lists every key with its value, secrets masked. */
export function listEffectiveValues(configuration: Configuration): readonly EffectiveValue[] {
  return listConfigurationKeys().map(({ key, path, secret }) => {
    const value = valueAt(configuration, path) ?? null
    return { key, value: secret && value !== null ? '[secret]' : value }
  })
}

/** A short name of a configuration: equal for equal values, whatever the secrets are. */
export function hashConfiguration(configuration: Configuration): string {
  return createHash('sha256')
    .update(JSON.stringify(listEffectiveValues(configuration)))
    .digest('hex')
    .slice(0, 12)
}
