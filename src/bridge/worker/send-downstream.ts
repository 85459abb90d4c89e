import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { ReceivedUpload } from '../database/upload-states.ts'

/** The result of one attempt. */
export type DeliveryResult =
  | { readonly result: 'acknowledged' }
  | { readonly result: 'refused' | 'unreachable' | 'timeout' | 'mismatch'; readonly error: string }

/** The possible results of an attempt: the label of `upload_bridge_delivery_attempts_total`. */
export const deliveryResults = ['acknowledged', 'refused', 'unreachable', 'timeout', 'mismatch'] as const

/** One attempt. */
interface DeliveryAttempt {
  readonly url: string
  /** The token that identifies us to downstream. */
  readonly token: string | undefined
  /** The attempt is given up after this many milliseconds without progress. */
  readonly timeout: number
  readonly upload: Pick<ReceivedUpload, 'id' | 'name' | 'size' | 'sha256'>
  readonly path: string
  /** Ends the attempt early, for example when the worker shuts down. Then it throws. */
  readonly signal: AbortSignal
}

// One connection for each delivery. A reused one may be dead after a restart of downstream.
const agents = { http: new Agent({ keepAlive: false }), https: new TlsAgent({ keepAlive: false }) }
const acknowledgement = z.object({ sha256: z.string() })
const longestAnswer = 64 * 1024

/** Sends the bytes downstream and compares hashes. Throws only when aborted or when the bytes cannot be read here. */
export async function sendDownstream(attempt: DeliveryAttempt): Promise<DeliveryResult> {
  const timeout = new AbortController()
  const progress = setTimeout(() => timeout.abort(), attempt.timeout)
  const request = openRequest(attempt, AbortSignal.any([attempt.signal, timeout.signal]))
  const answered = answerOf(request)
  let localError: unknown
  // A failed request also ends the streams before it. Only an error before it is our own.
  const fail = (error: Error) => {
    if (!request.destroyed) localError = error
  }
  const bytes = createReadStream(attempt.path).on('error', fail)
  const verified = holdBackUntilVerified(attempt.upload.sha256).on('error', fail)
  verified.on('data', () => progress.refresh())
  // An error while sending ends the request and the wait for its answer. An answer may come before everything is sent.
  pipeline(bytes, verified, request).catch(() => {})
  try {
    return judge(await answered, attempt.upload.sha256)
  } catch (error) {
    attempt.signal.throwIfAborted()
    if (localError !== undefined) throw localError
    if (timeout.signal.aborted) return { result: 'timeout', error: `no progress for ${attempt.timeout} ms` }
    return { result: 'unreachable', error: error instanceof Error ? error.message || error.name : String(error) }
  } finally {
    clearTimeout(progress)
    request.destroy()
  }
}

function openRequest({ url, token, upload }: DeliveryAttempt, signal: AbortSignal): ClientRequest {
  const secure = url.startsWith('https:')
  const open = secure ? requestHttps : requestHttp
  return open(url, {
    method: 'POST',
    agent: secure ? agents.https : agents.http,
    signal,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      'Content-Type': 'application/octet-stream',
      'Content-Length': upload.size,
      'Content-Digest': `sha-256=:${Buffer.from(upload.sha256, 'hex').toString('base64')}:`,
      'Idempotency-Key': upload.id,
      'X-Upload-Id': upload.id,
      'X-Upload-Name': encodeURIComponent(upload.name),
    },
  })
}

interface Answer {
  readonly status: number
  readonly text: string
}

async function answerOf(request: ClientRequest): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
  })
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (text.length < longestAnswer) text += chunk
  return { status: response.statusCode ?? 0, text }
}

function judge({ status, text }: Answer, expected: string): DeliveryResult {
  if (status < 200 || status > 299) return { result: 'refused', error: `status ${status}: ${text.slice(0, 200)}` }
  const answer = acknowledgement.safeParse(parseJson(text))
  if (!answer.success) return { result: 'refused', error: `status ${status} without a sha256` }
  if (answer.data.sha256 === expected) return { result: 'acknowledged' }
  return { result: 'mismatch', error: `sha256 ${answer.data.sha256}, not ${expected}` }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The bytes on the volume differ from the acknowledged bytes. */
export class DamagedBytesError extends Error {
  constructor(found: string, expected: string) {
    super(`the bytes on the volume have SHA-256 ${found}, not ${expected}`)
    this.name = 'DamagedBytesError'
  }
}

/** Passes bytes on, but the last bytes only when all have the expected hash. So damaged bytes never arrive complete. */
export function holdBackUntilVerified(sha256: string): Transform {
  const hash = createHash('sha256')
  let last: Buffer | undefined
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      const before = last
      last = chunk
      done(null, before)
    },
    flush(done) {
      const found = hash.digest('hex')
      if (found === sha256) done(null, last)
      else done(new DamagedBytesError(found, sha256))
    },
  })
}
