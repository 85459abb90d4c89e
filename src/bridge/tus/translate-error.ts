import { ERRORS } from '@tus/server'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import type { ProblemCode } from '../problem/problem-types.ts'
import { isOutOfSpace } from '../storage/error-code.ts'

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
export function translateTusError(error: unknown, status: number, body: string): BridgeProblem {
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
