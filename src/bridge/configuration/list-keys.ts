import { z } from 'zod'
import { configurationSchema } from './schema.ts'
import { type KeyFacts, keyFacts } from './value-types.ts'

/** One key of the configuration, as documentation lists it. */
export interface ConfigurationKey extends KeyFacts {
  /** Its name in problems and in the reference: `downstream.retry.max`. */
  readonly key: string
  readonly path: readonly string[]
  /** Its environment variable. */
  readonly env: string
  readonly required: boolean
  readonly default?: unknown
}

/** Lists every key of the configuration in the order of the schema. The reference page is made from it. */
export function listConfigurationKeys(): readonly ConfigurationKey[] {
  return keysOf(configurationSchema, [])
}

function keysOf(schema: z.core.$ZodType, path: readonly string[]): ConfigurationKey[] {
  const facts = keyFacts.get(schema)
  if (facts !== undefined) return [describeKey(schema, facts, path)]
  const inner = schema instanceof z.ZodPrefault ? schema.def.innerType : schema
  if (!(inner instanceof z.ZodObject)) throw new TypeError(`${path.join('.')} is neither a section nor a described key`)
  return Object.entries(inner.shape).flatMap(([name, child]) => keysOf(child, [...path, name]))
}

function describeKey(schema: z.core.$ZodType, facts: KeyFacts, path: readonly string[]): ConfigurationKey {
  const fallback = schema instanceof z.ZodPrefault ? { default: schema.def.defaultValue } : {}
  const required = !(schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
  return { key: path.join('.'), path, env: environmentVariable(path), required, ...facts, ...fallback }
}

function environmentVariable(path: readonly string[]): string {
  const words = path.map(name => name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase())
  return ['UPLOAD_BRIDGE', ...words].join('_')
}
