import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BridgeProblem } from '../problem/bridge-problem.ts'

/**
 * Gives every request the form in which it is read everywhere, and refuses what would be misread: a request without a host (RFC 9112, 3.2),
 * and a body in a coding, for its bytes would be kept as they are.
 */
export function registerRequestRules(app: FastifyInstance): void {
  // A server may answer 417 to an expectation that it does not know, or go on (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.addHook('onRequest', async ({ headers, raw }: FastifyRequest) => {
    if (headers.host === undefined && raw.httpVersion !== '1.0')
      throw new BridgeProblem('invalid-request', { detail: 'The header Host is missing' })
    const coding = headers['content-encoding']?.trim().toLowerCase() ?? ''
    if (coding !== '' && coding !== 'identity')
      throw new BridgeProblem('media-type-unsupported', {
        detail: 'Bodies are taken as they are: leave out Content-Encoding',
      })
    const transfer = headers['transfer-encoding']?.trim().toLowerCase() ?? 'chunked'
    if (transfer !== 'chunked')
      throw new BridgeProblem('not-implemented', { detail: `A body is taken as it is or chunked, not ${transfer}` })
    const { 'content-type': type, 'upload-metadata': metadata } = headers
    // In lower case (RFC 9110, 8.3.1).
    if (type !== undefined)
      replaceHeader(
        raw,
        'content-type',
        type.replace(/^[^;]*/, media => media.trim().toLowerCase()),
      )
    // Several headers of one name are joined by a comma and a space (RFC 9110, 5.3).
    if (typeof metadata === 'string') replaceHeader(raw, 'upload-metadata', metadata.replace(/\s*,\s*/g, ','))
  })
}

// The tus server reads the headers as they came, too.
function replaceHeader({ headers, rawHeaders }: IncomingMessage, name: string, value: string): void {
  if (headers[name] === value) return
  headers[name] = value
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2)
    if (rawHeaders[at]?.toLowerCase() === name) rawHeaders.splice(at, 2)
  rawHeaders.push(name, value)
}
