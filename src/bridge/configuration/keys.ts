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

/** The value at a path of nested objects; undefined when there is none. */
export function valueAt(tree: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return tree
  return isRecord(tree) ? valueAt(tree[name], rest) : undefined
}

/** The tree with a new value at a path. `undefined` removes the value. A value on the way that is not an object is replaced by one. */
export function withValueAt(tree: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const record = isRecord(tree) ? tree : {}
  const { [name]: before, ...others } = record
  const after = withValueAt(before, rest, value)
  if (after === undefined) return others
  return { ...record, [name]: after }
}

/** Changes the value at a path of a tree that we own. The path's parent must exist. */
export function setValueAt(tree: object, path: readonly string[], value: unknown): void {
  const parent = valueAt(tree, path.slice(0, -1))
  const name = path.at(-1)
  if (isRecord(parent) && name !== undefined) parent[name] = value
}

/** Applies one tree to another: objects are joined, and any other value is replaced. */
export function layOver(below: unknown, above: unknown): unknown {
  if (above === undefined || above === null) return below
  if (!isRecord(below) || !isRecord(above)) return above
  const names = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...names].map(name => [name, layOver(below[name], above[name])]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
