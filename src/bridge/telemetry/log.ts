import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Identity } from '../auth/roles.ts'
import { type Redact, redactByName } from './redact.ts'

/** The origin that every line names. */
export interface LogOrigin {
  readonly service: string
  readonly version: string
  readonly environment: string
}

/** The destination of lines. Read for each line, because it can change while the process runs. */
interface LogDestination {
  readonly redact: Redact
  readonly write: (line: string) => void
}

/** Makes the logger. Each line is a JSON object with the field names of the Elastic Common Schema and without secrets. */
export function createLog(origin: LogOrigin, level: string, destination: LogDestination): Logger {
  const stream: DestinationStream = {
    write: line => destination.write(destination.redact(printableLine(line.trimEnd()))),
  }
  return pino(
    {
      level,
      messageKey: 'message',
      errorKey: 'error',
      base: describeOrigin(origin),
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      serializers: { error: describeError },
      mixin: describeRequest,
      formatters: {
        level: label => ({ 'log.level': label }),
        log: redactByName,
      },
    },
    stream,
  )
}

/** The fields for the origin of a line. */
export function describeOrigin({ service, version, environment }: LogOrigin): Record<string, string> {
  return { 'service.name': service, 'service.version': version, 'service.environment': environment }
}

/** The fields for the request of a line; none outside of requests. */
export function describeRequest(): Record<string, string | readonly string[]> {
  const request = requestContext.getStore()
  if (request === undefined) return {}
  const { requestId, traceId, address, key } = request
  const user = key === undefined ? {} : { 'user.name': key.id, 'user.roles': [key.role] }
  return { 'http.request.id': requestId, 'trace.id': traceId, 'client.address': address, ...user }
}

/** An error with the field names of the Elastic Common Schema. */
interface DescribedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack_trace?: string
}

/** Describes an error and its causes for the log. */
function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const stack = stackOf(error)
  return { type: error.name, message: error.message, ...code, ...(stack === '' ? {} : { stack_trace: stack }) }
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? ''}${cause}`
}

/**
 * Makes a JSON text a single line for every reader. JSON allows DEL, C1 controls and Unicode's line ends, but terminals and log shippers
 * may act on them.
 */
export function printableLine(json: string): string {
  return json.replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const unprintable = /[\u007f-\u009f\u2028\u2029]/g

/** The fields for the amount and the duration of a transfer. Durations are in nanoseconds, as ECS requires. */
export function describeTransfer(bytes: number, seconds: number): Record<string, number> {
  return {
    'file.size': bytes,
    'event.duration': Math.round(seconds * 1e9),
    'transfer.bytes_per_second': seconds > 0 ? Math.round(bytes / seconds) : bytes,
  }
}

/** The running release: the file VERSION beside the bundle, or `unknown` without this file. */
export function readVersion(folder: string): string {
  try {
    return readFileSync(join(folder, 'VERSION'), 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}

/** The caller of a request, and the ids by which its lines are found. */
export interface RequestContext {
  readonly requestId: string
  readonly traceId: string
  /** The client's address from the connection. */
  readonly address: string
  /** The owner of the uploads: `key:ID`, or `address:IP` for a client without a key. */
  readonly client: string
  readonly key?: Identity
  /** The header `Upload-Metadata`. */
  readonly uploadMetadata?: string
}

/** The current request; undefined outside of requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>()
