import { z } from 'zod'
import { configurationSchema } from './schema.ts'

/** One key of the configuration, as documentation lists it. */
export interface ConfigurationKey {
  readonly path: readonly string[]
  readonly environment: string
  readonly description: string
  readonly default?: unknown
}

/** Lists every key of the configuration with its environment variable, in the order of the schema. */
export function listConfigurationKeys(): readonly ConfigurationKey[] {
  return keysOf(configurationSchema, [])
}

function keysOf(schema: z.core.$ZodType, path: readonly string[]): ConfigurationKey[] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([name, child]) => keysOf(child, [...path, name]))
  }
  const fallback = schema instanceof z.ZodPrefault ? { default: schema.def.defaultValue } : {}
  const description = z.globalRegistry.get(schema)?.description ?? ''
  return [{ path, environment: environmentVariable(path), description, ...fallback }]
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodPrefault ? unwrap(schema.def.innerType) : schema
}

function environmentVariable(path: readonly string[]): string {
  const words = path.map(name => name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase())
  return ['UPLOAD_BRIDGE', ...words].join('_')
}
