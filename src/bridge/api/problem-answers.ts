import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOwn } from '../auth/roles.ts'
import { BridgeProblem, isContentRefusal } from '../problem/bridge-problem.ts'
import { type ProblemCode, problemTypes } from '../problem/problem-types.ts'
import { isOutOfSpace } from '../storage/error-code.ts'
import { requestContext } from '../telemetry/log.ts'
import { tusVersion } from '../tus/check-request.ts'
import type { ApiParts } from './api-parts.ts'
import { routeOf } from './request-log.ts'
import { methodsOf, servedMethods } from './served-methods.ts'
import { closeAfterBody } from './slow-bodies.ts'
import { securityHeaders, securityHeadersOf } from './transport.ts'

/** Answers every error and every unknown address with `application/problem+json` (RFC 9457). */
export function registerErrorHandler(app: FastifyInstance, parts: ApiParts): void {
  app.setErrorHandler((error, request, reply) => answer(parts, request, reply, toProblem(error)))
  app.setNotFoundHandler((request, reply) => answer(parts, request, reply, notFound(request)))
}

function notFound({ method, url }: FastifyRequest): BridgeProblem {
  return new BridgeProblem(
    servedMethods.has(method) && methodsOf(url).length === 0 ? 'not-found' : 'method-not-allowed',
  )
}

function toProblem(error: unknown): BridgeProblem {
  if (error instanceof BridgeProblem) return error
  if (isOutOfSpace(error)) return new BridgeProblem('storage-full', { cause: error, retryAfter: 30 })
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  const detail = error instanceof Error ? error.message : String(error)
  const limit = error instanceof Error && 'code' in error ? error.code : undefined
  if (limit === 'FST_FILES_LIMIT') {
    return new BridgeProblem('invalid-request', { detail: 'The form has more than one file', cause: error })
  }
  if (limit === 'FST_PARTS_LIMIT' || limit === 'FST_FIELDS_LIMIT')
    return new BridgeProblem('invalid-request', { detail, cause: error })
  if (status === 413) return new BridgeProblem('upload-too-large', { detail, cause: error })
  if (status === 406 || status === 415) return new BridgeProblem('media-type-unsupported', { detail, cause: error })
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new BridgeProblem('invalid-request', { detail, cause: error })
  }
  return new BridgeProblem('internal-error', { cause: error })
}

function answer(parts: ApiParts, request: FastifyRequest, reply: FastifyReply, problem: BridgeProblem): FastifyReply {
  const { code, status, title, detail, retryAfter } = problem
  const level = status === 500 ? 'error' : 'info'
  // A refusal is not a defect. Its code says everything, except when another error caused it.
  const fields = status === 500 || problem.cause !== undefined ? { error: problem } : {}
  parts.log[level]({ ...fields, 'error.code': code }, title)
  if (request.method === 'POST' || isContentRefusal(code))
    parts.uploadMetrics.rejected(code, isOwn(requestContext.getStore()?.key))
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer')
  if (status === 401 || code === 'forbidden' || code === 'too-many-failures') {
    parts.log.warn({ 'event.action': 'authenticate', 'event.outcome': 'failure', 'error.code': code }, title)
    parts.audit({
      action: 'authenticate',
      outcome: 'failure',
      message: `${code}: ${request.method} ${routeOf(request)}`,
    })
  }
  if (isContentRefusal(code)) {
    const uploadId = /[\da-f]{32}/.exec(request.url)?.[0]
    parts.audit({ action: 'upload.refuse', outcome: 'failure', uploadId, message: `${code}: ${problem.message}` })
  }
  // tus 1.0: in every answer; and what would be spoken, when the request spoke something else.
  if (/^\/files(\/|$|\?)/.test(request.url)) reply.header('Tus-Resumable', tusVersion)
  if (code === 'tus-version-unsupported') reply.header('Tus-Version', tusVersion)
  if (status === 405) reply.header('Allow', methodsOf(request.url).join(', '))
  if (status === 415) reply.header('Accept-Encoding', 'identity')
  if (retryAfter !== undefined) reply.header('Retry-After', retryAfter)
  reply.code(status).header('Content-Type', 'application/problem+json')
  // Such a client reads nothing after the connection is closed, and that would be before it has sent everything.
  if (/^close$/i.test(request.headers.connection ?? '') || request.raw.httpVersion === '1.0')
    closeAfterBody(request.raw, reply.raw)
  return reply.send(problemBody(code, { instance: request.id, detail }))
}

/** Makes the answer to an address that cannot be decoded. It looks like every other error, although no hook runs for it. */
export function refuseUndecodable(parts: ApiParts) {
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const body = problemBody('invalid-request', { instance: request.id, detail: 'The address cannot be decoded' })
    reply.code(problemTypes['invalid-request'].status).headers(securityHeadersOf(parts.configuration))
    reply.header('X-Request-Id', request.id).header('Content-Type', 'application/problem+json').send(body)
  }
}

/**
 * Makes the answer to what is not HTTP, or has too long headers: it is like every other error, and the connection is closed. `owed` has the
 * newest answer of each connection: when its request had come whole, it goes out first, for what was done is done.
 */
export function refuseUnreadable(owed: WeakMap<Socket, ServerResponse>) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const before = owed.get(socket)
    const refuse = () => refuseOnSocket(socket, 'invalid-request', 'Bad Request')
    if (before === undefined || before.writableFinished || !before.req.complete) refuse()
    else before.once('close', refuse)
  }
}

/** Answers CONNECT, which is about another server. */
export function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  refuseOnSocket(socket, 'method-not-allowed', 'Method Not Allowed')
}

function refuseOnSocket(socket: Duplex, code: ProblemCode, words: string): void {
  if (!socket.writable) return void socket.destroy()
  const { status } = problemTypes[code]
  const body = problemBody(code, {})
  const headers = {
    ...securityHeaders,
    ...(status === 405 ? { Allow: '' } : {}),
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    Connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${words}\r\n${head.join('')}\r\n${body}`)
}

function problemBody(code: ProblemCode, details: { instance?: string; detail?: string | undefined }): string {
  const { title, status } = problemTypes[code]
  return JSON.stringify({ type: `urn:upload-bridge:problem:${code}`, title, status, code, ...details })
}
