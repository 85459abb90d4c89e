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
