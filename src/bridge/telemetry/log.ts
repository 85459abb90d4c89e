import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Identity } from '../auth/roles.ts'
import { type Redact, redactByName } from './redact.ts'

/** What every line says about its origin. */
export interface LogOrigin {
  readonly service: string
  readonly version: string
  readonly environment: string
}

/** Where lines go; asked anew for each line, for it may change while the process runs. */
interface LogDestination {
  readonly redact: Redact
  readonly write: (line: string) => void
}

/** Makes the logger: one JSON object a line, with the field names of the Elastic Common Schema, and no secret in it. */
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

/** The fields that say where a line comes from. */
export function describeOrigin({ service, version, environment }: LogOrigin): Record<string, string> {
  return { 'service.name': service, 'service.version': version, 'service.environment': environment }
}

/** The fields that say to which request a line belongs; none outside of requests. */
export function describeRequest(): Record<string, string> {
  const request = requestContext.getStore()
  if (request === undefined) return {}
  const { requestId, traceId, address, key } = request
  const user = key === undefined ? {} : { 'user.name': key.id }
  return { 'http.request.id': requestId, 'trace.id': traceId, 'client.address': address, ...user }
}

/** An error with the field names of the Elastic Common Schema. */
interface DescribedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack_trace?: string
}

/** Describes an error for the log, with what caused it. */
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
 * Makes a JSON text one line to every reader: JSON leaves DEL, the C1 controls and Unicode's line ends as they are, and a
 * terminal or a log shipper may act on them.
 */
export function printableLine(json: string): string {
  return json.replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const unprintable = /[\u007f-\u009f\u2028\u2029]/g

/** The fields that say how much was moved and how fast; durations in nanoseconds, as ECS wants them. */
export function describeTransfer(bytes: number, seconds: number): Record<string, number> {
  return {
    'file.size': bytes,
    'event.duration': Math.round(seconds * 1e9),
    'transfer.bytes_per_second': seconds > 0 ? Math.round(bytes / seconds) : bytes,
  }
}

/** The release that runs: the file VERSION beside the bundle, `unknown` where there is none. */
export function readVersion(folder: string): string {
  try {
    return readFileSync(join(folder, 'VERSION'), 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}

/** Who asks, and by which number the lines about it are found. */
export interface RequestContext {
  readonly requestId: string
  readonly traceId: string
  /** The client's address, as the connection tells it. */
  readonly address: string
  /** Whose uploads these are: `key:ID`, or `address:IP` of a client without a key. */
  readonly client: string
  readonly key?: Identity
}

/** The request that is worked on; nothing outside of requests. */
export const requestContext = new AsyncLocalStorage<RequestContext>()
