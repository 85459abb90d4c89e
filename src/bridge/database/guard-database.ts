import { BridgeProblem } from '../problem/bridge-problem.ts'

/** Waits for database work; what fails for want of a working database becomes the problem `database-unavailable`. */
export async function guardDatabase<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    if (isOurMistake(cause)) throw cause
    throw new BridgeProblem('database-unavailable', { cause })
  }
}

// SQLSTATE classes 22 (data), 23 (constraint) and 42 (syntax, access), but for what is merely not migrated yet.
function isOurMistake(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return /^(22|23|42)...$/.test(code) && code !== '42P01' && code !== '42883'
}
