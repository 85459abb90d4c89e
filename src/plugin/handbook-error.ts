import type { Problem } from '../base/index.ts'
import { formatProblems } from './format-problems.ts'

/** What authors got wrong, in their words: a build ends with this, and without a stack trace. */
export class HandbookError extends Error {
  override readonly name = 'HandbookError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems))
    this.problems = problems
    // Where in our code the mistake was noticed helps no author.
    this.stack = this.message
  }
}
