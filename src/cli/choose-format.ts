import { guess } from './guess.ts'
import { UsageError } from './usage-error.ts'

/** What a command prints as: `--format`, or `--json`, or text. Throws a `UsageError` for a format that it does not know, or two of them. */
export function chooseFormat<F extends string>(
  { format, json }: { readonly format?: string | undefined; readonly json?: boolean | undefined },
  known: readonly F[],
): F | 'text' | 'json' {
  if (format === undefined) return json ? 'json' : 'text'
  if (json && format !== 'json') throw new UsageError(`--json and --format ${format} cannot be had at once`)
  const all = ['text' as const, 'json' as const, ...known]
  const chosen = all.find(name => name === format)
  if (chosen === undefined) throw new UsageError(`There is no format ${format}`, guess(format, all))
  return chosen
}
