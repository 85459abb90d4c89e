import { type ProblemCode, problemTypes } from './problem-types.ts'

/** What the client learns besides the code. */
interface ProblemDetails extends ErrorOptions {
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

const reasons = {
  'content-type-mismatch': 'content',
  'archive-refused': 'archive',
  'malware-found': 'malware',
} as const satisfies Partial<Record<ProblemCode, string>>

/** The codes of complete files that are refused because of their content. */
type ContentRefusal = keyof typeof reasons

/** Whether a code is one of them. */
export function isContentRefusal(code: ProblemCode): code is ContentRefusal {
  return code in reasons
}

/** The reason in one word: a label of `upload_bridge_uploads_rejected_total`. */
export function reasonOfRefusal(code: ContentRefusal): (typeof reasons)[ContentRefusal] {
  return reasons[code]
}
