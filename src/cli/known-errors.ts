import { formatPlace, type Problem } from '../base/index.ts'
import type { CommandFailure } from './choose-format.ts'
import { paint } from './print.ts'

/** Exit codes of the errors that we throw on purpose, by name: each command is a bundle with classes of its own. */
const CODES: Readonly<Record<string, number>> = {
  LabError: 1,
  CLIError: 2,
  UsageError: 2,
  BrokenPageError: 2,
  RefusedError: 3,
}

/** Exit code and words of an error that we throw on purpose; nothing for any other, which is a defect. */
export function readKnown(error: unknown): CommandFailure | undefined {
  if (!(error instanceof Error) || !Object.hasOwn(CODES, error.name)) return undefined
  const known = { message: error.message, exitCode: CODES[error.name] ?? 1 }
  if ('problems' in error && isProblems(error.problems)) return { ...known, problems: error.problems }
  return 'hint' in error && typeof error.hint === 'string' ? { ...known, hint: error.hint } : known
}

function isProblems(value: unknown): value is readonly Problem[] {
  return Array.isArray(value)
}

/** Such an error for people; of a page that cannot be read as a program, each problem with its place. */
export function formatKnown({ message, hint, problems }: CommandFailure): string {
  if (problems === undefined) return formatError(message, hint)
  return problems
    .map(problem => {
      const words = `${formatPlace(problem)} ${problem.message} ${paint.dim(problem.rule)}`
      return formatError(words, problem.hint && paint.dim(problem.hint))
    })
    .join('')
}

function formatError(message: string, hint: string | undefined): string {
  return `${paint.red('✗')} ${message}\n${hint ? `  ${hint}\n` : ''}`
}
