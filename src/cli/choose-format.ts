import { guess, UsageError } from '../operate/index.ts'

/** What formats are for, where that is worth a word. */
const PURPOSES: Readonly<Record<string, string>> = {
  sarif: 'sarif for code hosts',
  junit: 'junit for CI servers',
  markdown: 'markdown for comments',
}

/**
 * The format in which a command prints: `--format`, or `--json`, or the usual one. Throws a `UsageError` for a format that the command
 * does not have, or for two of them.
 */
export function chooseFormat<F extends string>(
  { format, json }: { readonly format?: string | undefined; readonly json?: boolean | undefined },
  formats: Readonly<Record<F, unknown>>,
  usual: NoInfer<F>,
): F {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} cannot be used together`)
  const name = format ?? (json ? 'json' : usual)
  if (isFormat(name, formats)) return name
  throw new UsageError(`There is no format ${name}`, guess(name, Object.keys(formats)))
}

/** The formats of a command, for its help: `text, json or junit`. */
export function listFormats(formats: Readonly<Record<string, unknown>>): string {
  return Object.keys(formats)
    .join(', ')
    .replace(/, (\w+)$/, ' or $1')
}

/** The formats of a command, for its help, with what they are for. */
export function explainFormats(formats: Readonly<Record<string, unknown>>): string {
  return Object.keys(formats)
    .map(name => PURPOSES[name] ?? name)
    .join(', ')
}

function isFormat<F extends string>(name: string, formats: Readonly<Record<F, unknown>>): name is F {
  return Object.hasOwn(formats, name)
}
