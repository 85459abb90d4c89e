import type { IncomingMessage } from 'node:http'
import { BridgeProblem } from '../problem/bridge-problem.ts'

/** The version of tus that is spoken here. */
export const tusVersion = '1.0.0'

/**
 * Refuses a request that breaks a rule of tus 1.0 for which the tus server has another status, or that asks for an extension that is not
 * offered: what we would not check must not look checked.
 */
export function checkTusRequest({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): void {
  if (method === 'OPTIONS') return
  if (headers['tus-resumable'] !== tusVersion) throw new BridgeProblem('tus-version-unsupported')
  const asks = headers['upload-checksum'] !== undefined || /\bupload-checksum\b/i.test(String(headers.trailer))
  if (asks)
    throw new BridgeProblem('not-implemented', { detail: 'Checksums are not checked here: leave out Upload-Checksum' })
  if (headers['upload-concat'] !== undefined) {
    throw new BridgeProblem('not-implemented', { detail: 'Uploads are not concatenated here: leave out Upload-Concat' })
  }
  if (method === 'PATCH' && headers['content-type'] !== 'application/offset+octet-stream') {
    throw new BridgeProblem('media-type-unsupported', { detail: 'A PATCH takes application/offset+octet-stream' })
  }
}

/**
 * Gives a request the method that its `X-HTTP-Method-Override` names: tus clients need it where PATCH does not pass. One that nothing here
 * takes becomes TRACE, which is refused everywhere.
 */
export function overrideMethod(request: IncomingMessage): void {
  const { 'x-http-method-override': named } = request.headers
  if (typeof named !== 'string' || !/^\/files(\/|$)/.test(request.url ?? '')) return
  const method = named.trim().toUpperCase()
  request.method = methods.has(method) ? method : 'TRACE'
}

const methods = new Set(['OPTIONS', 'POST', 'HEAD', 'PATCH', 'DELETE'])
