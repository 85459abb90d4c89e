import type { Problem } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { makeProblem, violation } from '../rule.ts'
import { bashSyntax, shellcheck, shellcheck as shellcheckRule } from '../rules/tools.ts'
import { RULES } from '../rules.ts'
import { listWholeSteps } from '../steps.ts'
import { findSyntaxErrors } from './bash-syntax.ts'
import { readShell } from './read-shell.ts'
import { runShellcheck } from './run-shellcheck.ts'

/** Checks the bash blocks of pages: with bash itself, with our rules and, when asked, with ShellCheck. */
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
    return [makeProblem(bashSyntax, 'handbook.yaml', violation(NOWHERE, message, { hint: 'Install bash' }))]
  }
  const said = await asked
  const failures = typeof said === 'string' ? [describeSilence(said)] : []
  const found = blocks.flatMap(({ page, step }, index) => {
    const error = errors[index]
    if (error) {
      const place = step.block.lines[error.line - 1] ?? step.block.fence
      const message = `bash cannot read this: ${error.message}`
      return [makeProblem(bashSyntax, page.path, violation(place, message))]
    }
    const block = { page, step, facts: readShell(step.block.code), file }
    return [
      ...RULES.flatMap(rule => (rule.checkBash?.(block) ?? []).map(found => makeProblem(rule, page.path, found))),
      ...(typeof said === 'string' ? [] : (said[index] ?? [])),
    ]
  })
  return [...failures, ...found]
}

const NOWHERE = { line: 1, column: 1 }

function describeSilence(error: string): Problem {
  const hint = 'Try shellcheck --version, or leave it out with --no-shellcheck'
  const found = violation(NOWHERE, `ShellCheck could not be asked: ${error}`, { hint })
  return makeProblem(shellcheckRule, 'handbook.yaml', found)
}

/** The errors and warnings of ShellCheck for each bash block, at their places on the page. */
async function checkShellcheck(blocks: readonly { readonly page: Page; readonly step: Step }[]): Promise<Problem[][]> {
  const answers = await runShellcheck(blocks.map(({ step }) => step.block.code))
  return blocks.map(({ page, step: { block } }, index) =>
    (answers[index] ?? []).map(({ line, column, level, code, message }) => {
      const start = block.lines[line - 1]
      const place = start ? { line: start.line, column: start.column + column - 1 } : block.fence
      const hint = `https://www.shellcheck.net/wiki/SC${code}, or # shellcheck disable=SC${code} above it`
      return makeProblem(shellcheck, page.path, violation(place, `${message} (SC${code})`, { hint, severity: level }))
    }),
  )
}
