import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import type { Problem } from '../../base/index.ts'
import type { ReadPage } from '../page.ts'

const RULES = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }]

/** Demands that no credential stands on a page. What was found is not repeated. */
export async function checkSecrets(page: ReadPage): Promise<Problem[]> {
  const source = { filePath: page.path, content: page.text, ext: '.md', contentType: 'text' } as const
  const { messages } = await lintSource({ source, options: { config: { rules: RULES }, noPhysicFilePath: true } })
  return messages.map(({ message, loc: { start } }) => {
    const kind = message.replace(/^found /, '').replace(/: .*$/s, '')
    const place = { line: start.line, column: start.column + 1 }
    const problem = page.problem('no-secret', place, `This looks like a credential: ${kind}`)
    // On pages of other people, an example of an address with a password in it must not keep the site from being built.
    return page.procedure.kind === 'page' ? { ...problem, severity: 'warning' } : problem
  })
}
