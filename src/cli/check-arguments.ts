import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { UsageError } from '../operate/index.ts'

/** Throws a `UsageError` for what a command does not know. An option that is silently ignored does harm in an incident. */
export function checkArguments(title: string, args: readonly string[], known: ArgsDef): void {
  const options = describeOptions(known)
  const positionals = Object.entries(known).flatMap(([name, { type }]) => (type === 'positional' ? name : []))
  // An argument with a name in the plural takes any number of words.
  const limit = positionals.some(name => name.endsWith('s')) ? Number.POSITIVE_INFINITY : positionals.length
  try {
    const { positionals: given } = parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true })
    if (given.length > limit) throw new UsageError(`${title} takes no ${given[limit]}`, `See ${title} --help`)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new UsageError(`${title}: ${message}`, `See ${title} --help`)
  }
}

/** How many words of a command line are neither an option nor an option's value. */
export function countPositionals(args: readonly string[], known: ArgsDef): number {
  const options = describeOptions(known)
  return parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true }).positionals.length
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function describeOptions(known: ArgsDef): Options {
  const options: Options = {}
  for (const [name, { type, alias }] of Object.entries(known).map(
    ([name, def]) => [name, { alias: undefined, ...def }] as const,
  )) {
    if (type === 'positional') continue
    const kind = { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: true as const }
    for (const key of [name, alias ?? []].flat()) options[key] = key.length === 1 ? { ...kind, short: key } : kind
  }
  return options
}

/** Every value of an option that may be given more than once. */
export function collect(args: readonly string[], name: string): string[] {
  const { values } = parseArgs({
    args: [...args],
    options: { [name]: { type: 'string', multiple: true } },
    strict: false,
  })
  const given = values[name]
  return Array.isArray(given) ? given.filter(value => typeof value === 'string') : []
}
