import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { formatJson, type Problem } from '../base/index.ts'
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

/** The option `--format` of a command that has these formats. Its help names them, and then says `more`. */
export function formatOption(formats: Readonly<Record<string, unknown>>, more = '') {
  const names = Object.keys(formats)
  const description = `${names.map(name => PURPOSES[name] ?? name).join(', ')}${more}`
  return { type: 'string', description, valueHint: 'FORMAT', formats: names } as const
}

function isFormat<F extends string>(name: string, formats: Readonly<Record<F, unknown>>): name is F {
  return Object.hasOwn(formats, name)
}

/** Why a command ended without a result. */
export interface CommandFailure {
  readonly message: string
  readonly hint?: string
  readonly exitCode: number
  /** What is wrong with the page that was asked for, when it cannot be read as a program. */
  readonly problems?: readonly Problem[]
}

/** The formats in which a failure can be read. */
type FailureFormat = keyof typeof failureFormats

/**
 * The document for a command that failed before it had a result, in the format that `args` ask for. A program could take an empty output
 * for a result. `undefined` when `args` ask for text, for two formats, for one without a place for an error, or for one that the command
 * does not have.
 */
export function formatFailure(
  { title, options }: NamedCommand,
  args: readonly string[],
  failure: CommandFailure,
): string | undefined {
  const format = readFailureFormat(args, options)
  return format && failureFormats[format](title, failure)
}

/** A command, as far as it is known when it fails. */
export interface NamedCommand {
  readonly title: string
  /** Its options; without them, it is not known which formats it has. */
  readonly options?: ArgsDef
}

/** A failure in each format that can say one. */
const failureFormats = {
  json: (_title: string, error: CommandFailure) => `${formatJson({ error })}\n`,
  ndjson: (_title: string, error: CommandFailure) => `${formatJson({ error })}\n`,
  junit: formatFailureJunit,
  sarif: formatFailureSarif,
  markdown: formatFailureMarkdown,
} as const

/** Reads a command line that may be wrong. */
function readFailureFormat(args: readonly string[], known: ArgsDef | undefined): FailureFormat | undefined {
  const options = { format: { type: 'string' }, json: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true })
  const json = values.json === undefined ? undefined : 'json'
  const format = values.format ?? json
  if (typeof format !== 'string' || !isFormat(format, failureFormats) || (json ?? format) !== format) return undefined
  return listFormats(known).includes(format) ? format : undefined
}

function listFormats(known: ArgsDef | undefined): readonly string[] {
  if (known === undefined) return Object.keys(failureFormats)
  const { format = {}, json } = known
  const named = 'formats' in format && Array.isArray(format.formats) ? format.formats : []
  return json === undefined ? named : ['json', ...named]
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
  return `${formatJson(log, 2)}\n`
}

function formatFailureMarkdown(title: string, { message, hint }: CommandFailure): string {
  const fence = (text: string) => text.replaceAll('`', 'ˋ')
  return `**${title}** did nothing: \`${fence(message)}\`\n${hint === undefined ? '' : `\n\`${fence(hint)}\`\n`}`
}
