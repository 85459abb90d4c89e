import { formatPlace, type Problem } from '../base/index.ts'

/**
 * Problems as text: one paragraph each, the place first so that editors and terminals make it clickable, then a count. Errors come
 * last, where whoever waited for the build looks.
 */
export function formatProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const warnings = problems.filter(({ severity }) => severity === 'warning')
  const count = [say(errors.length, 'error'), say(warnings.length, 'warning')].filter(Boolean).join(' and ')
  const files = new Set(problems.map(({ file }) => file)).size
  return [...[...warnings, ...errors].map(formatProblem), `${count} in ${say(files, 'file')}`].join('\n\n')
}

function formatProblem(problem: Problem): string {
  const { rule, severity, message, expected, found, hint } = problem
  return [
    `${formatPlace(problem)}  ${severity}  ${rule}  ${message}`,
    expected === undefined ? '' : `    expected: ${expected}`,
    found === undefined ? '' : `    found: ${found}`,
    hint === undefined ? '' : `    hint: ${hint}`,
  ]
    .filter(Boolean)
    .join('\n')
}

function say(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}
