import pc from 'picocolors'
import { formatPlace, type Problem } from '../base/index.ts'

/** Why a page cannot be run: a line a problem, with its place and hint. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(problem => {
      const hint = problem.hint ? `\n  ${pc.dim(problem.hint)}` : ''
      return `${pc.red('✗')} ${formatPlace(problem)} ${problem.message} ${pc.dim(problem.rule)}${hint}\n`
    })
    .join('')
}
