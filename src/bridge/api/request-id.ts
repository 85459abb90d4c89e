import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The id of a request: the client’s `X-Request-Id` when it is harmless, otherwise one of ours. */
export function chooseRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
}

/** The id of the trace that a request belongs to: that of `traceparent` (W3C Trace Context), otherwise a new one. */
export function chooseTraceId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const [, given] = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(String(headers.traceparent)) ?? []
  return given !== undefined && !/^0+$/.test(given) ? given : randomBytes(16).toString('hex')
}
