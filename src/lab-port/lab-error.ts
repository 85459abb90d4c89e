/** The kinds of errors of a lab, for programs. */
export const LAB_ERROR_CODES = [
  'already-running',
  'cannot-break',
  'directory-not-ours',
  'missing-program',
  'not-permitted',
  'part-failed',
  'stopped',
  'unknown-command',
  'unknown-fault',
] as const

/** The kind of an error of a lab, for programs. */
export type LabErrorCode = (typeof LAB_ERROR_CODES)[number]

/** A lab could not do what it was asked. The message says which part failed and what this part said last. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: LabErrorCode

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Converts an error of a lab to `LabError` of this bundle. A lab is a separate module with a separate class, or throws any value. */
export function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  return new LabError(LAB_ERROR_CODES.find(known => known === code) ?? 'part-failed', message, { cause: error })
}
