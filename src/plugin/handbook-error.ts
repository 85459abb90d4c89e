import type { Problem } from '../base/index.ts'

/** What authors got wrong, in their words: a build ends with this, and without a stack trace. */
export class HandbookError extends Error {
  override readonly name = 'HandbookError'
  readonly problems: readonly Problem[]

  constructor(message: string, problems: readonly Problem[]) {
    super(message)
    this.problems = problems
    // Where in our code the mistake was noticed helps no author.
    this.stack = message
  }
}
