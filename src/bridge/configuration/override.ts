import { type ConfigurationKey, listConfigurationKeys } from './keys.ts'
import { readSecretFile } from './secret-files.ts'
import { valueAt, withValueAt } from './value-at.ts'

/** A tree of values that something was laid over, and what was wrong with that. */
export interface Overridden {
  readonly tree: unknown
  readonly problems: readonly string[]
}

// Variables that are ours and no keys: bridgectl's own.
const otherVariables = new Set(['UPLOAD_BRIDGE_CONFIG', 'UPLOAD_BRIDGE_URL'])
// Kubernetes sets these for a Service that is named like us.
const serviceLink = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)$/

/** Lays the environment's variables over a tree; a secret's variable may also name a file, with `_FILE` after it. */
export async function overrideByEnvironment(
  written: unknown,
  environment: NodeJS.ProcessEnv,
  origins: Map<string, string>,
  unread: readonly string[],
): Promise<Overridden> {
  const problems: string[] = []
  let tree = written
  for (const { key, path, env, secret } of listConfigurationKeys()) {
    const file = secret && !unread.includes(key) ? environment[`${env}_FILE`] : undefined
    const value = environment[env] ?? (file && (await readSecretFile(`${env}_FILE`, file, problems)))
    if (value === undefined) continue
    tree = withValueAt(tree, path, value)
    origins.set(key, environment[env] === undefined ? `file ${file}` : env)
  }
  return { tree, problems }
}

/** The keys that have a value in a tree. */
export function listConfiguredKeys(tree: unknown): readonly ConfigurationKey[] {
  return listConfigurationKeys().filter(({ path }) => valueAt(tree, path) !== undefined)
}

/** Says of each variable that looks like a key's and is none; misspelt, it would be ignored in silence. */
export function findUnknownVariables(environment: NodeJS.ProcessEnv): readonly string[] {
  const keys = listConfigurationKeys()
  const known = new Set(keys.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])))
  return Object.keys(environment)
    .filter(name => name.startsWith('UPLOAD_BRIDGE_') && !known.has(name))
    .filter(name => !otherVariables.has(name) && !serviceLink.test(name))
    .map(name => `${name}: unknown variable`)
}
