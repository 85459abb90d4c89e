import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReadableStream } from 'node:stream/web'
import { ERRORS, type Lock, type Locker, type RequestRelease, Server } from '@tus/server'
import { NodeRequest } from 'srvx/node'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import { aborted } from '../run-process.ts'
import { isOutOfSpace } from '../storage/error-code.ts'
import { generateUploadId, isUploadId } from '../storage/layout.ts'
import { LeaseRefusedError, type WriterLeases } from '../storage/writer-lease.ts'
import { requestContext } from '../telemetry/log.ts'
import type { AdmitUpload } from '../uploads/admit-upload.ts'
import type { FinishUpload } from '../uploads/finish-upload.ts'
import { checkTusRequest } from './check-request.ts'
import { readInPieces } from './request-body.ts'
import type { UploadStore } from './upload-store.ts'

/** Answers one tus request, or throws a BridgeProblem. */
export type HandleTus = (request: IncomingMessage, response: ServerResponse) => Promise<Response>

/** The parts of the service that the tus protocol needs. */
interface TusRoom {
  readonly store: UploadStore
  readonly leases: WriterLeases
  /** Called for each request. */
  readonly maxUploadSize: () => number
  readonly admit: AdmitUpload
  readonly finish: FinishUpload
}

/** Makes the tus 1.0 protocol handler for `/files/`. */
export function createTusHandler(room: TusRoom): HandleTus {
  const errors = new WeakMap<object, unknown>()
  const created = new WeakMap<object, string>()
  const locker = new UploadLocker(30_000, room.leases)
  const server = new Server({
    path: '/files',
    datastore: room.store,
    locker,
    lockDrainTimeout: 1000,
    maxSize: room.maxUploadSize,
    relativeLocation: true,
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
    namingFunction: () => generateUploadId(),
    async onUploadCreate(request, upload) {
      await room.admit(upload.size ?? 0)
      created.set(request, upload.id)
      locker.expectNew(upload.id)
      return {}
    },
    async onUploadFinish(_request, { id, size }) {
      // The store finished what has bytes, when it wrote the last one.
      if (size === 0) await room.finish(id)
      return {}
    },
    onResponseError(request, error) {
      errors.set(request, error)
      return undefined
    },
  })
  return async (request, response) => {
    checkTusRequest(request)
    const webRequest = new NodeRequest({ req: request, res: response })
    let body: ReadableStream<Uint8Array> | undefined
    Object.defineProperty(webRequest, 'body', { get: () => (body ??= readInPieces(request)) })
    const answer = await server.handleWeb(webRequest)
    const left = created.get(webRequest)
    const isGone = left !== undefined && request.destroyed && !request.complete
    if (answer.status < 400 && !isGone) return withFacts(room.store, request, answer)
    // Its client was told no address, so nobody could resume or end it.
    if (left !== undefined) await room.store.discard(left)
    if (isGone) throw new BridgeProblem('upload-interrupted')
    throw translateTusError(errors.get(webRequest), answer.status, await answer.text())
  }
}

const tellExpiry: ReadonlySet<string | undefined> = new Set(['POST', 'HEAD', 'PATCH'])

// Our uploads expire by their last byte, and the tus server knows only when they began. Metadata goes back as it came.
async function withFacts(store: UploadStore, { method, url }: IncomingMessage, answer: Response): Promise<Response> {
  for (const name of [...answer.headers.keys()]) if (name.startsWith('access-control-')) answer.headers.delete(name)
  if (!tellExpiry.has(method)) return answer
  const id = (answer.headers.get('Location') ?? url)?.split('?')[0]?.split('/').at(-1) ?? ''
  const expiry = await store.expiresAt(id)
  if (expiry !== undefined) answer.headers.set('Upload-Expires', expiry.toUTCString())
  if (method !== 'HEAD') return answer
  const metadata = await store.metadataOf(id)
  if (metadata === undefined) answer.headers.delete('Upload-Metadata')
  else answer.headers.set('Upload-Metadata', metadata)
  return answer
}

const codesByStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  403: 'invalid-request',
  404: 'upload-not-found',
  409: 'offset-conflict',
  410: 'upload-gone',
  412: 'tus-version-unsupported',
  413: 'upload-too-large',
  501: 'not-implemented',
}

/** Turns an answer of the tus server into a problem, with its reason if there is one. */
function translateTusError(error: unknown, status: number, body: string): BridgeProblem {
  if (error instanceof BridgeProblem) return error
  if (error === ERRORS.ABORTED) return new BridgeProblem('upload-interrupted')
  if (isOutOfSpace(error)) return storageFull(error)
  const code = codesByStatus[status]
  if (code === undefined) return new BridgeProblem('internal-error', { cause: error })
  return new BridgeProblem(code, { detail: body.trim() })
}

function storageFull(cause: unknown): BridgeProblem {
  return new BridgeProblem('storage-full', { detail: 'What arrived is kept; resume later', retryAfter: 30, cause })
}

interface Holder {
  readonly requestRelease: RequestRelease
  readonly released: Promise<void>
  readonly release: () => void
  giveBackLease: () => Promise<void>
}

/** Lets only one request at a time work on an upload, in all processes of a volume. A newer request makes the older one stop. */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>()
  readonly #new = new Set<string>()
  readonly #timeout: number
  readonly #leases: WriterLeases | undefined

  constructor(timeout: number, leases?: WriterLeases) {
    this.#timeout = timeout
    this.#leases = leases
  }

  /** Says that the next lock is for making this upload. Nobody else knows its id, so the request needs no lease before it writes bytes. */
  expectNew(id: string): void {
    this.#new.add(id)
  }

  newLock(id: string): Lock {
    const isNew = this.#new.delete(id)
    // Who may only look does not make a writer stop.
    if (requestContext.getStore()?.key?.role === 'read') return { lock: async () => {}, unlock: async () => {} }
    return {
      lock: (signal, requestRelease) => this.#lock(id, isNew, signal, requestRelease),
      unlock: () => this.#unlock(id),
    }
  }

  async #lock(id: string, isNew: boolean, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const deadline = AbortSignal.timeout(this.#timeout)
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      await holder.requestRelease()
      await Promise.race([holder.released, aborted(signal), aborted(deadline)])
      if (signal.aborted) throw new BridgeProblem('upload-interrupted')
      if (deadline.aborted) throw new BridgeProblem('upload-locked')
    }
    const { promise, resolve } = withResolvers()
    const holder: Holder = { requestRelease, released: promise, release: resolve, giveBackLease: async () => {} }
    this.#holders.set(id, holder)
    try {
      const patience = AbortSignal.any([signal, deadline])
      if (isUploadId(id) && !isNew) holder.giveBackLease = await this.#lease(id, patience, requestRelease)
    } catch (error) {
      await this.#unlock(id)
      throw signal.aborted ? new BridgeProblem('upload-interrupted') : error
    }
  }

  async #lease(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<() => Promise<void>> {
    try {
      return (await this.#leases?.acquire(id, { signal, onWanted: requestRelease })) ?? (async () => {})
    } catch (error) {
      if (error instanceof LeaseRefusedError) throw new BridgeProblem('upload-locked', { cause: error })
      throw error
    }
  }

  async #unlock(id: string): Promise<void> {
    const holder = this.#holders.get(id)
    await holder?.giveBackLease()
    this.#holders.delete(id)
    holder?.release()
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
