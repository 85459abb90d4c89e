import type { Problem } from '../base/index.ts'

/** What is wrong and what to do, without the place: a line each for the message, what was expected and found, and the hint. */
export function describeProblem({ message, expected, found, hint }: Problem): string {
  return [
    message,
    ...(expected === undefined ? [] : [`Expected: ${expected}`]),
    ...(found === undefined ? [] : [`Found: ${found}`]),
    ...(hint === undefined ? [] : [hint]),
  ].join('\n')
}
