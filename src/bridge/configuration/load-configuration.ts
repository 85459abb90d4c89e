import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { parse } from 'yaml'
import type { z } from 'zod'
import { type ConfigurationKey, listConfigurationKeys } from './list-keys.ts'
import { type Configuration, configurationSchema } from './schema.ts'
import { layOver, valueAt, withValueAt } from './value-tree.ts'

/** A configuration, and the source of each value. */
export interface LoadedConfiguration {
  readonly configuration: Configuration
  /** The source by key: a file, a variable, `default`, or the file of a secret. */
  readonly origins: ReadonlyMap<string, string>
}

/**
 * Reads the files, where later files win over earlier ones. Then applies the environment variables and validates everything. The files of
 * the secrets in `unread` may be missing, because their values are not needed. Throws a ConfigurationError that names every wrong key.
 */
export async function loadConfiguration(
  files: readonly string[],
  environment: NodeJS.ProcessEnv,
  unread: readonly string[] = [],
): Promise<LoadedConfiguration> {
  const origins = new Map<string, string>()
  let tree: unknown = {}
  for (const file of files) {
    const written = await readYaml(file)
    for (const { key } of listConfiguredKeys(written)) origins.set(key, file)
    tree = layOver(tree, written)
  }
  const secrets = await readSecretFiles(tree, origins, unread)
  const overridden = await overrideByEnvironment(secrets.tree, environment, origins, unread)
  const result = configurationSchema.safeParse(overridden.tree, { reportInput: true })
  const problems = [
    ...secrets.problems,
    ...overridden.problems,
    ...findUnknownVariables(environment),
    ...(result.success ? [] : result.error.issues.flatMap(describeIssue)),
  ]
  if (result.success && problems.length === 0) return { configuration: result.data, origins }
  throw new ConfigurationError(files.join(', '), problems)
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8')) ?? {}
  } catch (cause) {
    // The message's other lines quote the file, which may hold secrets.
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new ConfigurationError(file, [reason.replace(/:$/, '')])
  }
}

// For a missing section, names its required keys, so that nobody has to look them up.
function listRequired(path: readonly string[]): readonly string[] {
  const isWithin = (key: readonly string[]) => path.every((name, index) => key[index] === name)
  return listConfigurationKeys().flatMap(({ key, path, required }) => (required && isWithin(path) ? [key] : []))
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const key = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(name => `${[...issue.path, name].join('.')}: unknown key`)
  }
  if (issue.input === undefined) return listRequired(issue.path.map(String)).map(name => `${name}: missing`)
  return [`${key || 'configuration'}: ${issue.message}`]
}

/** The error for an unusable configuration. Each problem names its key. The process exits with 78 (`EX_CONFIG`). */
export class ConfigurationError extends Error {
  readonly exitCode = 78
  readonly file: string
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super(`${file}: ${problems.join('; ')}`, options)
    this.name = 'ConfigurationError'
    this.file = file
    this.problems = problems
  }
}

/** The files in a text such as `base.yaml:production.yaml`. Later files win over earlier ones. */
export function splitFiles(text: string | undefined): readonly string[] {
  return (text ?? '').split(delimiter).filter(file => file !== '')
}

/**
 * Replaces the names of secret files by their content: `database.urlFile: /run/secrets/url` gives `database.url`. Names in `unread` do not
 * change.
 */
async function readSecretFiles(
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

/** Reads the file of a secret, without the line end. A problem names the key or variable that named the file. */
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

/** A tree of values after the variables were applied, and the problems found. */
interface Overridden {
  readonly tree: unknown
  readonly problems: readonly string[]
}

// Our variables that are not keys: bridgectl uses them.
const otherVariables = new Set(['UPLOAD_BRIDGE_CONFIG', 'UPLOAD_BRIDGE_URL'])
// Kubernetes sets these variables for a Service with our name.
const serviceLink = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?)$/

/** Applies the environment variables to a tree. A variable of a secret may name a file: then it ends in `_FILE`. */
async function overrideByEnvironment(
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
function listConfiguredKeys(tree: unknown): readonly ConfigurationKey[] {
  return listConfigurationKeys().filter(({ path }) => valueAt(tree, path) !== undefined)
}

/** Reports each variable that looks like a key but is unknown. Otherwise a misspelt variable would be ignored silently. */
function findUnknownVariables(environment: NodeJS.ProcessEnv): readonly string[] {
  const keys = listConfigurationKeys()
  const known = new Set(keys.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])))
  return Object.keys(environment)
    .filter(name => name.startsWith('UPLOAD_BRIDGE_') && !known.has(name))
    .filter(name => !otherVariables.has(name) && !serviceLink.test(name))
    .map(name => `${name}: unknown variable`)
}
