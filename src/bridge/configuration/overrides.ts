import { readFile } from 'node:fs/promises'
import { type ConfigurationKey, listConfigurationKeys, valueAt, withValueAt } from './keys.ts'

/** Replaces the names of secret files by what the files hold: `database.urlFile: /run/secrets/url` gives `database.url`. Those of `unread` are left alone. */
export async function readSecretFiles(
  written: unknown,
  origins: Map<string, string>,
  unread: readonly string[],
): Promise<{ readonly tree: unknown; readonly problems: readonly string[] }> {
  const problems: string[] = []
  let tree = written
  for (const { key, path } of listConfigurationKeys().filter(({ secret }) => secret)) {
    const filePath = [...path.slice(0, -1), `${path.at(-1)}File`]
    const file = valueAt(tree, filePath)
    if (typeof file !== 'string') continue
    if (unread.includes(key)) {
      tree = withValueAt(tree, filePath, undefined)
      continue
    }
    if (valueAt(tree, path) !== undefined) problems.push(`${key}File: ${key} is set as well; set one of them`)
    tree = withValueAt(withValueAt(tree, filePath, undefined), path, await readSecretFile(`${key}File`, file, problems))
    origins.set(key, `file ${file}`)
  }
  return { tree, problems }
}

/** Reads a secret's file, without the line end; says what is wrong under the name that named it. */
async function readSecretFile(name: string, file: string, problems: string[]): Promise<string | undefined> {
  try {
    const secret = (await readFile(file, 'utf8')).trim()
    if (secret !== '') return secret
    problems.push(`${name}: ${file} is empty`)
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}

/** A tree of values that something was laid over, and what was wrong with that. */
interface Overridden {
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
