import type { Problem } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { knowsFrontMatter } from '../knows-front-matter.ts'
import { listWholeSteps } from '../list-whole-steps.ts'
import type { Page } from '../page.ts'
import { makeProblem } from '../rules.ts'
import { findSyntaxErrors } from './bash-syntax.ts'
import { checkShellcheck } from './check-shellcheck.ts'
import { checkVariables } from './check-variables.ts'
import { checkVerbs } from './check-verbs.ts'
import { readShell } from './read-shell.ts'

/** Checks the bash blocks of pages: what bash can read, variables, calls of `hb`, and, when wanted, what ShellCheck says. */
export async function checkShell(pages: readonly Page[], file: HandbookFile, shellcheck = false): Promise<Problem[]> {
  const blocks = pages.flatMap(page =>
    listWholeSteps(page.procedure)
      .filter(({ block }) => block.language === 'bash')
      .map(step => ({ page, step })),
  )
  const asked = shellcheck ? checkShellcheck(blocks).catch(String) : []
  const errors = await findSyntaxErrors(blocks.map(({ step }) => step.block.code)).catch(String)
  if (typeof errors === 'string') {
    const message = `bash could not be asked, so no bash block was checked: ${errors}`
    return [makeProblem('bash-syntax', 'handbook.yaml', { line: 1, column: 1 }, message, { hint: 'Install bash' })]
  }
  const said = await asked
  const failures =
    typeof said === 'string'
      ? [
          makeProblem('shellcheck', 'handbook.yaml', { line: 1, column: 1 }, `ShellCheck could not be asked: ${said}`, {
            hint: 'Try shellcheck --version, or leave it out with --no-shellcheck',
          }),
        ]
      : []
  const found = blocks.flatMap(({ page, step }, index) => {
    const error = errors[index]
    if (error) {
      const place = step.block.lines[error.line - 1] ?? step.block.fence
      return [page.problem('bash-syntax', place, `bash cannot read this: ${error.message}`)]
    }
    const facts = readShell(step.block.code)
    const variables = knowsFrontMatter(page.procedure) ? checkVariables(page, step, facts, file) : []
    return [
      ...checkVerbs(page, step, facts, file),
      ...variables,
      ...(typeof said === 'string' ? [] : (said[index] ?? [])),
    ]
  })
  return [...failures, ...found]
}
