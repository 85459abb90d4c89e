import type { Problem } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { makeProblem, violation } from '../rule.ts'
import { shellcheck } from '../rules/shellcheck.ts'
import { runShellcheck } from './run-shellcheck.ts'

/** What ShellCheck says of each bash block, at the page's own place; what it takes for a matter of style is left out. */
export async function checkShellcheck(
  blocks: readonly { readonly page: Page; readonly step: Step }[],
): Promise<Problem[][]> {
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
