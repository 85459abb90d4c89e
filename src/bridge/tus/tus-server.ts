import type { IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS, type Lock, type Locker, type RequestRelease, Server } from '@tus/server'
import { NodeRequest } from 'srvx/node'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import { aborted } from '../run-process.ts'
import { isOutOfSpace } from '../storage/error-code.ts'
import { generateUploadId } from '../storage/layout.ts'
import type { AdmitUpload } from '../uploads/admit-upload.ts'
import type { FinishUpload } from '../uploads/finish-upload.ts'
import type { UploadStore } from './upload-store.ts'

/** Answers one tus request, or throws a BridgeProblem. */
export type HandleTus = (request: IncomingMessage, response: ServerResponse) => Promise<Response>

/** The parts of the service that the tus protocol needs. */
interface TusRoom {
  readonly store: UploadStore
  /** Called for each request. */
  readonly maxUploadSize: () => number
  readonly admit: AdmitUpload
  readonly finish: FinishUpload
}

/** Makes the tus 1.0 protocol handler for `/files/`. */
export function createTusHandler(room: TusRoom): HandleTus {
  const errors = new WeakMap<object, unknown>()
  const server = new Server({
    path: '/files',
    datastore: room.store,
    locker: new UploadLocker(30_000),
    lockDrainTimeout: 1000,
    maxSize: room.maxUploadSize,
    relativeLocation: true,
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
    namingFunction: () => generateUploadId(),
    async onUploadCreate(_request, upload) {
      await room.admit(upload.size ?? 0)
      return {}
    },
    async onUploadFinish(_request, upload) {
      await room.finish(upload.id)
      return {}
    },
    onResponseError(request, error) {
      errors.set(request, error)
      return undefined
    },
  })
  return async (request, response) => {
    const webRequest = new NodeRequest({ req: request, res: response })
    const answer = await server.handleWeb(webRequest)
    if (answer.status < 400) return answer
    throw translateTusError(errors.get(webRequest), answer.status, await answer.text())
  }
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
}

/** Lets only one request at a time work on an upload. A newer request makes the older one stop. */
export class UploadLocker implements Locker {
  readonly #holders = new Map<string, Holder>()
  readonly #timeout: number

  constructor(timeout: number) {
    this.#timeout = timeout
  }

  newLock(id: string): Lock {
    return {
      lock: (signal, requestRelease) => this.#lock(id, signal, requestRelease),
      unlock: async () => this.#unlock(id),
    }
  }

  async #lock(id: string, signal: AbortSignal, requestRelease: RequestRelease): Promise<void> {
    const deadline = AbortSignal.timeout(this.#timeout)
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      await holder.requestRelease()
      await Promise.race([holder.released, aborted(signal), aborted(deadline)])
      if (signal.aborted) throw new BridgeProblem('upload-interrupted')
      if (deadline.aborted) throw new BridgeProblem('upload-locked')
    }
    const { promise, resolve } = withResolvers()
    this.#holders.set(id, { requestRelease, released: promise, release: resolve })
  }

  #unlock(id: string): void {
    const holder = this.#holders.get(id)
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
