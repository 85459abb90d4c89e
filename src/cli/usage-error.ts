/** Wrong usage: what was typed cannot be done. Ends the command with exit code 2 and this message, without a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hint?: string

  constructor(message: string, hint?: string) {
    super(message)
    if (hint !== undefined) this.hint = hint
  }
}
