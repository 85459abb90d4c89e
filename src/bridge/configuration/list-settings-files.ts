import { listConfigurationKeys } from './keys.ts'
import type { Configuration } from './schema.ts'
import { valueAt } from './value-at.ts'

/** Every file that a configuration is made of: its own, those of its secrets, and those that its keys name, such as certificates. */
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
