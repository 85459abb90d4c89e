import { formatPlace, type Problem, type WaivedProblem } from '../base/index.ts'
import { describeProblem } from './describe-problem.ts'
import { type JunitCase, writeJunit } from './junit.ts'

/**
 * Problems for CI servers: a suite a file, a failing case an error; warnings pass and print, what is waived is skipped, and a page
 * without problems has a case that passes.
 */
export function formatProblemsJunit(
  problems: readonly Problem[],
  waived: readonly WaivedProblem[],
  pages: readonly string[],
): string {
  const files = [...new Set([...pages, ...problems.map(({ file }) => file)])].sort()
  return writeJunit({
    name: 'handbook check',
    suites: files.map(name => {
      const cases = [
        ...problems.filter(({ file }) => file === name).map(describeCase),
        ...waived.filter(({ file }) => file === name).map(describeWaived),
      ]
      return { name, cases: cases.length > 0 ? cases : [{ name: 'nothing wrong' }] }
    }),
  })
}

function describeWaived({ rule, line, column, message, reason, until }: WaivedProblem): JunitCase {
  return { name: `${line}:${column} ${rule}`, skipped: `${message}. Waived until ${until}: ${reason}` }
}

function describeCase(problem: Problem): JunitCase {
  const { rule, line, column, severity, message } = problem
  const name = `${line}:${column} ${rule}`
  const text = `${formatPlace(problem)} ${describeProblem(problem)}`
  switch (severity) {
    case 'error':
      return { name, failure: { message, type: rule, text } }
    case 'warning':
      return { name, output: text }
    default:
      return severity satisfies never
  }
}
