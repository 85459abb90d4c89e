import type { IncomingMessage, ServerResponse } from 'node:http'
import { ERRORS, Server } from '@tus/server'
import { NodeRequest } from 'srvx/node'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import { isOutOfSpace } from '../storage/error-code.ts'
import { generateUploadId } from '../storage/layout.ts'
import type { AdmitUpload } from '../uploads/admit-upload.ts'
import type { FinishUpload } from '../uploads/finish-upload.ts'
import { UploadLocker } from './upload-locker.ts'
import type { UploadStore } from './upload-store.ts'

/** Answers one tus request, or throws a BridgeProblem. */
export type HandleTus = (request: IncomingMessage, response: ServerResponse) => Promise<Response>

/** What the tus protocol needs of the service. */
interface TusRoom {
  readonly store: UploadStore
  /** Asked anew for each request. */
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

/** Says as a problem what the tus server answered, and why when it told. */
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
