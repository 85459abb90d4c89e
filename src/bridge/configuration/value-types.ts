import { isAbsolute } from 'node:path'
import { z } from 'zod'

/** What the reference says about a key besides its name and default. */
export interface KeyFacts {
  readonly type: string
  readonly description: string
  /** A secret is never printed and may come from a file: the key with `File` after it, or its variable with `_FILE`. */
  readonly secret: boolean
  /** Takes effect on SIGHUP. Any other key takes effect at the next start. */
  readonly reload: boolean
}

/** How a key differs from an ordinary one. */
interface Traits {
  readonly secret?: true
  readonly reload?: true
}

type DescribeKey<Schema extends z.ZodType> = (description: string, traits?: Traits) => Schema

/** The facts of every key, by its schema. */
export const keyFacts = z.registry<KeyFacts>()

const durationSchema = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined) return milliseconds
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 500ms, 30s, 5m, 24h` })
  return z.NEVER
})

const byteSizeSchema = z.union([z.number().int().nonnegative(), z.string()]).transform((value, context) => {
  const bytes = typeof value === 'number' ? value : parseByteSize(value)
  if (bytes !== undefined) return bytes
  context.addIssue({ code: 'custom', message: `"${value}" is not a size such as 4MiB, 5GiB or a number of bytes` })
  return z.NEVER
})

const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], {
  error: 'is neither true nor false',
})

const timeSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'is not a date such as 2026-11-22 or 2026-11-22T10:00:00Z',
})

/** The kinds of values of keys. Each makes a schema with a description. */
export const value = {
  duration: (fallback: string) => key(durationSchema.prefault(fallback), 'duration'),
  optionalDuration: () => key(durationSchema.optional(), 'duration'),
  byteSize: (fallback: string) => key(byteSizeSchema.prefault(fallback), 'size'),
  wholeNumber: (minimum: number, maximum: number, fallback: number) =>
    key(wholeNumber(minimum, maximum).prefault(fallback), `whole number from ${minimum} to ${maximum}`),
  boolean: (fallback: boolean) => key(booleanSchema.prefault(fallback), 'true or false'),
  oneOf: <const Names extends readonly [string, ...string[]]>(names: Names, fallback: Names[number]) =>
    key(z.enum(names).prefault(fallback as never), `one of ${names.join(', ')}`),
  text: () => key(z.string().min(1), 'text'),
  textOr: (fallback: string) => key(z.string().min(1).prefault(fallback), 'text'),
  optionalText: () => key(z.string().min(1).optional(), 'text'),
  optionalTime: () => key(timeSchema.optional(), 'date'),
  port: () => key(wholeNumber(0, 65_535), 'port'),
  absolutePath: () => key(absolutePath(), 'absolute path'),
  optionalPath: () => key(absolutePath().optional(), 'absolute path'),
  scanner: () =>
    key(
      z
        .string()
        .regex(/^(unix:\/.+|[^\s:]+:\d+)$/, 'is neither host:port nor unix:/path')
        .optional(),
      'host:port or unix:/path',
    ),
  optionalUrl: (protocol: RegExp) =>
    key(z.url({ protocol, error: `is not a URL with protocol ${protocol.source}` }).optional(), 'URL'),
  url: (protocol: RegExp) => key(z.url({ protocol, error: `is not a URL with protocol ${protocol.source}` }), 'URL'),
}

// A new schema each time: what is known of a key hangs on its schema.
function absolutePath() {
  return z.string().refine(isAbsolute, 'is not an absolute path')
}

function wholeNumber(minimum: number, maximum: number) {
  return z
    .union([z.number(), z.string().regex(/^\d+$/, 'is not a whole number').transform(Number)])
    .pipe(z.number().int().min(minimum).max(maximum))
}

function key<Schema extends z.ZodType>(schema: Schema, type: string): DescribeKey<Schema> {
  return (description, { secret = false, reload = false }: { secret?: boolean; reload?: boolean } = {}) => {
    keyFacts.add(schema, { type, description, secret, reload })
    return schema
  }
}

const units: readonly string[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Reads a size such as `4MiB`, `5GiB` or `1024` as bytes; undefined for any other text. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)?$/.exec(text.trim())
  const [, amount, unit = 'B'] = match ?? []
  if (amount === undefined) return undefined
  const exponent = units.indexOf(unit)
  return Math.round(Number(amount) * 1024 ** exponent)
}

/** Writes a number with its noun: `1 row`, `2 rows`. */
export function countOf(amount: number, noun: string): string {
  return `${amount} ${amount === 1 ? noun : `${noun}s`}`
}

/** Writes bytes for people: `512 B`, `3.4 MiB`. */
export function formatByteSize(bytes: number): string {
  let amount = bytes
  let exponent = 0
  while (amount >= 1024 && exponent < units.length - 1) {
    amount /= 1024
    exponent += 1
  }
  return `${exponent === 0 ? amount : amount.toFixed(1)} ${units[exponent]}`
}

const unitMilliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads a duration such as `500ms`, `30s`, `5m`, `24h` or `1d` as milliseconds; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  const [, amount, unit] = match ?? []
  if (amount === undefined || !isUnit(unit)) return undefined
  return Math.round(Number(amount) * unitMilliseconds[unit])
}

/** Writes milliseconds for people, in the largest unit that leaves at most one decimal: `45s`, `2.5h`. */
export function formatDuration(milliseconds: number): string {
  const units = ['d', 'h', 'm', 's'] as const
  for (const unit of units) {
    const amount = milliseconds / unitMilliseconds[unit]
    if (amount >= 1) return `${Number(amount.toFixed(1))}${unit}`
  }
  return `${Math.round(milliseconds)}ms`
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMilliseconds {
  return unit !== undefined && unit in unitMilliseconds
}
