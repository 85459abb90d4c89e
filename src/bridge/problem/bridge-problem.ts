import { type ProblemCode, problemTypes } from './problem-types.ts'

/** What the client is told besides the code. */
export interface ProblemDetails extends ErrorOptions {
  readonly detail?: string
  /** Seconds, for the header `Retry-After`. */
  readonly retryAfter?: number
}

/** The one error that handlers throw to answer with a problem. */
export class BridgeProblem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly retryAfter: number | undefined

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    const { status, title } = problemTypes[code]
    super(details.detail ?? title, { cause: details.cause })
    this.name = 'BridgeProblem'
    this.code = code
    this.status = status
    this.title = title
    this.detail = details.detail
    this.retryAfter = details.retryAfter ?? defaultRetryAfter(status)
  }
}

function defaultRetryAfter(status: number): number | undefined {
  return status === 503 || status === 507 ? 5 : undefined
}
