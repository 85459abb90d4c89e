import type { Problem } from '../base/index.ts'

/** What keeps a use case from being done at all. Nothing has happened then; `hint` says what would help. */
abstract class OperateError extends Error {
  readonly hint?: string

  constructor(message: string, hint?: string) {
    super(message)
    if (hint !== undefined) this.hint = hint
  }
}

/** Wrong usage: what was asked for cannot be done. */
export class UsageError extends OperateError {
  override readonly name = 'UsageError'
}

/** What was asked for may not be done now, or not here: somebody else does it, or a page is not what it was. */
export class RefusedError extends OperateError {
  override readonly name = 'RefusedError'
}

/** A page that cannot be read as a program; `problems` says where and why. */
export class BrokenPageError extends OperateError {
  override readonly name = 'BrokenPageError'
  readonly problems: readonly Problem[]

  constructor(path: string, problems: readonly Problem[]) {
    super(`${path} cannot be read as a program`)
    this.problems = problems
  }
}
