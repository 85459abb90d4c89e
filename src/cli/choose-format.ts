import { parseArgs } from 'node:util'
import { guess, UsageError } from '../operate/index.ts'
import { writeJunit } from '../report/index.ts'

/** What a format is for, where its name does not say it. */
const PURPOSES: Readonly<Record<string, string>> = {
  sarif: 'sarif for code hosts',
  junit: 'junit for CI servers',
  markdown: 'markdown for comments',
}

/**
 * The format in which a command prints: the one of `--format` or `--json`, else the usual one. Throws a `UsageError` when the command
 * does not have it, and when both options ask for different formats.
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

/** Why a command ended without a result. */
export interface CommandFailure {
  readonly message: string
  readonly hint?: string
  readonly exitCode: number
}

/** The formats in which a failure can be read. */
type FailureFormat = keyof typeof failureFormats

/**
 * The document for a command that failed before it had a result, in the format that `args` ask for: a program could take an empty output
 * for a result. `undefined` when `args` ask for text, or for a format without a place for an error.
 */
export function formatFailure(title: string, args: readonly string[], failure: CommandFailure): string | undefined {
  const format = readFailureFormat(args)
  return format && failureFormats[format](title, failure)
}

/** A failure in each format that can say one. */
const failureFormats = {
  json: (_title: string, error: CommandFailure) => `${JSON.stringify({ error })}\n`,
  ndjson: (_title: string, error: CommandFailure) => `${JSON.stringify({ error })}\n`,
  junit: formatFailureJunit,
  sarif: formatFailureSarif,
  markdown: formatFailureMarkdown,
} as const

/** Reads a command line that may be wrong. When it has both options, `--format` counts. */
function readFailureFormat(args: readonly string[]): FailureFormat | undefined {
  const options = { format: { type: 'string' }, json: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true })
  const { format } = values
  if (typeof format === 'string' && isFormat(format, failureFormats)) return format
  return values.json === undefined ? undefined : 'json'
}

function formatFailureJunit(title: string, { message, hint }: CommandFailure): string {
  const failure = { message, type: 'error', ...(hint === undefined ? {} : { text: hint }) }
  return writeJunit({ name: title, suites: [{ name: title, cases: [{ name: 'The command was performed', failure }] }] })
}

function formatFailureSarif(title: string, { message, hint, exitCode }: CommandFailure): string {
  const text = hint === undefined ? message : `${message}\n${hint}`
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: title } },
        invocations: [
          {
            executionSuccessful: false,
            exitCode,
            toolConfigurationNotifications: [{ level: 'error', message: { text } }],
          },
        ],
        results: [],
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function formatFailureMarkdown(title: string, { message, hint }: CommandFailure): string {
  const fence = (text: string) => text.replaceAll('`', 'ˋ')
  return `**${title}** did nothing: \`${fence(message)}\`\n${hint === undefined ? '' : `\n\`${fence(hint)}\`\n`}`
}
