import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { parse } from 'yaml'
import type { z } from 'zod'
import { layOver, listConfigurationKeys } from './keys.ts'
import { findUnknownVariables, listConfiguredKeys, overrideByEnvironment, readSecretFiles } from './overrides.ts'
import { type Configuration, configurationSchema } from './schema.ts'

/** A configuration, and where each of its values came from. */
export interface LoadedConfiguration {
  readonly configuration: Configuration
  /** By key: a file, a variable, `default`, or a secret's file. */
  readonly origins: ReadonlyMap<string, string>
}

/**
 * Reads the files, later ones over earlier ones, then what the environment overrides, and validates it all.
 * The files of the secrets in `unread` need not be there: their values are not needed. Throws ConfigurationError naming every wrong key.
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
    // The lines after the first show the text of the file, which may hold secrets.
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new ConfigurationError(file, [reason.replace(/:$/, '')])
  }
}

// Of a section that is missing, what it must have: whoever reads that need not look it up.
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

/** A configuration that cannot be used; each problem names its key. The process exits with 78 (`EX_CONFIG`). */
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

/** The files that a text such as `base.yaml:production.yaml` names, the later over the earlier. */
export function splitFiles(text: string | undefined): readonly string[] {
  return (text ?? '').split(delimiter).filter(file => file !== '')
}
