import { type DestinationStream, type Logger, pino } from 'pino'
import { describeError } from './describe-error.ts'
import { printableLine } from './printable-line.ts'
import { type Redact, redactByName } from './redact.ts'
import { requestContext } from './request-context.ts'

/** What every line says about its origin. */
export interface LogOrigin {
  readonly service: string
  readonly version: string
  readonly environment: string
}

/** Where lines go; asked anew for each line, for it may change while the process runs. */
export interface LogDestination {
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
