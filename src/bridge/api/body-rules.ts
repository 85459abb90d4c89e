import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BridgeProblem } from '../problem/bridge-problem.ts'

/**
 * Makes the media type of a body lower case, for it is compared so everywhere (RFC 9110, 8.3.1), and refuses what would be misread: a request
 * without a host (RFC 9112, 3.2), and a body in a coding, for its bytes would be kept as they are.
 */
export function registerBodyRules(app: FastifyInstance): void {
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
    lowerMediaType(raw)
  })
}

// The tus server reads the headers as they came, too.
function lowerMediaType({ headers, rawHeaders }: IncomingMessage): void {
  const { 'content-type': type } = headers
  if (type === undefined) return
  const lower = type.replace(/^[^;]*/, media => media.trim().toLowerCase())
  headers['content-type'] = lower
  for (const [index, name] of rawHeaders.entries())
    if (index % 2 === 0 && name.toLowerCase() === 'content-type') rawHeaders[index + 1] = lower
}
