import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RotatingFile } from '../telemetry/rotating-file.ts'
import { listConfigurationKeys } from './list-keys.ts'
import type { Configuration } from './schema.ts'
import { valueAt } from './value-tree.ts'

/** A key with its value in force. For a secret it says only whether the secret is set. */
interface EffectiveValue {
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

/** A short hash of a configuration. Secrets do not count: equal other values give an equal hash. */
export function hashConfiguration(configuration: Configuration): string {
  return createHash('sha256')
    .update(JSON.stringify(listEffectiveValues(configuration)))
    .digest('hex')
    .slice(0, 12)
}

/** Every text that must never be printed: the secrets, and the passwords in secret URLs, both encoded and decoded. */
export function listSecretValues(configuration: Configuration): readonly string[] {
  return listConfigurationKeys()
    .filter(({ secret }) => secret)
    .map(({ path }) => valueAt(configuration, path))
    .filter(value => typeof value === 'string')
    .flatMap(value => [value, ...passwordsOf(value)])
}

function passwordsOf(text: string): readonly string[] {
  if (!URL.canParse(text)) return []
  const { password } = new URL(text)
  return password === '' ? [] : [password, decodeURIComponent(password)]
}

/** Every file of a configuration: its own files, those of its secrets, and those that its keys name, such as certificates. */
export function listSettingsFiles(
  files: readonly string[],
  configuration: Configuration,
  origins: ReadonlyMap<string, string>,
): readonly string[] {
  const secrets = [...origins.values()].flatMap(origin => (origin.startsWith('file ') ? origin.slice(5) : []))
  const named = listConfigurationKeys()
    .filter(({ path }) => path.at(-1)?.endsWith('File'))
    .map(({ path }) => valueAt(configuration, path))
    .filter(value => typeof value === 'string')
  return [...new Set([...files, ...secrets, ...named])]
}

/** The file of the audit trail. */
export function auditFile({ audit, state }: Configuration): RotatingFile {
  return { path: audit.path ?? join(state.path, 'audit.ndjson'), maxSize: audit.maxSize, keep: audit.keep }
}

/** The additional file for the log; undefined when the log goes only to stdout. */
export function logFile({ log }: Configuration): RotatingFile | undefined {
  return log.file === undefined ? undefined : { path: log.file, maxSize: log.maxSize, keep: log.keep }
}
