/** What can go wrong with a lab, for programs. */
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

/** What went wrong with a lab, for programs. */
export type LabErrorCode = (typeof LAB_ERROR_CODES)[number]

/** A lab could not do what it was asked; the message says which part failed and what it last said. */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: LabErrorCode

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An error of a lab as `LabError` of this bundle: a lab is a module of its own, with a class of its own, or throws what it likes. */
export function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  return new LabError(LAB_ERROR_CODES.find(known => known === code) ?? 'part-failed', message, { cause: error })
}
