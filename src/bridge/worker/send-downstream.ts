import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReceivedUpload } from '../database/upload-states.ts'
import { describeOtherBytes } from '../storage/find-damage.ts'
import { type Answer, judgeAnswer } from './judge-answer.ts'
import { watchProgress } from './watch-progress.ts'

/** The result of one attempt. */
export type DeliveryResult =
  | { readonly result: 'acknowledged' }
  | {
      readonly result: 'refused' | 'unreachable' | 'timeout' | 'mismatch'
      readonly error: string
      /** Downstream will never take it. */
      readonly isPermanent: boolean
      /** It says that downstream is away, and nothing about the upload. */
      readonly isOutage: boolean
      /** How many milliseconds downstream wants us to wait. */
      readonly retryAfter?: number
    }

/** The possible results of an attempt: the label of `upload_bridge_delivery_attempts_total`. */
export const deliveryResults = ['acknowledged', 'refused', 'unreachable', 'timeout', 'mismatch'] as const

/** One attempt. */
interface DeliveryAttempt {
  readonly url: string
  /** The token that identifies us to downstream. */
  readonly token: string | undefined
  /** The attempt is given up after this many milliseconds in which downstream takes nothing. */
  readonly timeout: number
  /** It is given up, too, when downstream has everything and does not answer for this many milliseconds. */
  readonly answerTimeout: number
  readonly upload: Pick<ReceivedUpload, 'id' | 'name' | 'size' | 'sha256'> & {
    readonly metadata: string | null
  }
  readonly path: string
  /** Ends the attempt early, for example when the worker shuts down. Then it throws. */
  readonly signal: AbortSignal
}

// One connection for each delivery. A reused one may be dead after a restart of downstream.
const agents = { http: new Agent({ keepAlive: false }), https: new TlsAgent({ keepAlive: false }) }
const longestAnswer = 64 * 1024
// So small that a slow downstream is seen to take something.
const chunkSize = 16 * 1024

/** Sends the bytes downstream and compares hashes. Throws only when aborted or when the bytes cannot be read here. */
export async function sendDownstream(attempt: DeliveryAttempt): Promise<DeliveryResult> {
  const timeout = new AbortController()
  const request = openRequest(attempt, AbortSignal.any([attempt.signal, timeout.signal]))
  const answered = answerOf(request)
  let localError: unknown
  // A failed request also ends the streams before it. Only an error before it is our own.
  const fail = (error: Error) => {
    if (!request.destroyed) localError = error
  }
  const bytes = createReadStream(attempt.path, { highWaterMark: chunkSize }).on('error', fail)
  const verified = holdBackUntilVerified(attempt.upload.sha256).on('error', fail)
  let stalled = ''
  const endWatch = watchProgress({
    ...attempt,
    socket: () => request.socket,
    isSent: () => request.writableFinished,
    onStalled(reason) {
      stalled = reason
      timeout.abort()
    },
  })
  // An error while sending ends the request and the wait for its answer. An answer may come before everything is sent.
  pipeline(bytes, verified, request).catch(() => {})
  try {
    return judgeAnswer(await answered, attempt.upload.sha256, Date.now())
  } catch (error) {
    attempt.signal.throwIfAborted()
    if (localError !== undefined) throw localError
    const outage = { isPermanent: false, isOutage: true } as const
    if (timeout.signal.aborted) return { result: 'timeout', error: stalled, ...outage }
    const reason = error instanceof Error ? error.message || error.name : String(error)
    return { result: 'unreachable', error: reason, ...outage }
  } finally {
    endWatch()
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
      ...(upload.metadata === null ? {} : { 'Upload-Metadata': upload.metadata }),
    },
  })
}

async function answerOf(request: ClientRequest): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
  })
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    text += chunk
    // Nobody needs more of it, and some never end.
    if (text.length > longestAnswer) break
  }
  return { status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'] }
}

/** The bytes on the volume differ from the acknowledged bytes. */
export class DamagedBytesError extends Error {
  constructor(found: string, expected: string) {
    super(describeOtherBytes(found, expected))
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
