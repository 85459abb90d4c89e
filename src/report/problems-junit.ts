import { formatPlace, type Problem } from '../base/index.ts'
import { describeProblem } from './describe-problem.ts'
import { type JunitCase, writeJunit } from './junit.ts'

/** Problems for CI servers: a suite a file, a failing case an error; warnings pass and print, and so does a page without problems. */
export function formatProblemsJunit(problems: readonly Problem[], pages: readonly string[]): string {
  const files = [...new Set([...pages, ...problems.map(({ file }) => file)])].sort()
  return writeJunit({
    name: 'handbook check',
    suites: files.map(file => {
      const cases = problems.filter(problem => problem.file === file).map(describeCase)
      return { name: file, cases: cases.length > 0 ? cases : [{ name: 'nothing wrong' }] }
    }),
  })
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
