import { listConfigurationKeys } from './keys.ts'
import type { Configuration } from './schema.ts'
import { valueAt } from './value-at.ts'

/** Every text that must never be printed: the secrets, and the passwords inside secret URLs, as written and decoded. */
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
