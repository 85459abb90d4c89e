import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { z } from 'zod'
import { ConfigurationError } from './configuration-error.ts'
import { listConfigurationKeys } from './keys.ts'
import { type Configuration, configurationSchema } from './schema.ts'

/** Reads the file, applies the environment's overrides and validates; throws ConfigurationError naming every wrong key. */
export async function loadConfiguration(file: string, environment: NodeJS.ProcessEnv): Promise<Configuration> {
  const written = await readYaml(file)
  const result = configurationSchema.safeParse(override(written, environment), { reportInput: true })
  if (result.success) return result.data
  throw new ConfigurationError(file, result.error.issues.flatMap(describeIssue))
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError(file, [cause instanceof Error ? cause.message : String(cause)], { cause })
  }
}

function override(written: unknown, environment: NodeJS.ProcessEnv): unknown {
  return listConfigurationKeys().reduce<unknown>((value, key) => {
    const replacement = environment[key.environment]
    return replacement === undefined ? value : withValue(value, key.path, replacement)
  }, written ?? {})
}

function withValue(value: unknown, [name, ...rest]: readonly string[], replacement: string): unknown {
  if (name === undefined) return replacement
  const record = isRecord(value) ? value : {}
  return { ...record, [name]: withValue(record[name], rest, replacement) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const key = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(name => `${[...issue.path, name].join('.')}: unknown key`)
  }
  if (issue.input === undefined) return [`${key}: missing`]
  return [`${key || 'configuration'}: ${issue.message}`]
}
