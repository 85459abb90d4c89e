/** An error with the field names of the Elastic Common Schema. */
export interface DescribedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack_trace?: string
}

/** Describes an error for the log, with what caused it. */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const stack = stackOf(error)
  return { type: error.name, message: error.message, ...code, ...(stack === '' ? {} : { stack_trace: stack }) }
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? ''}${cause}`
}
