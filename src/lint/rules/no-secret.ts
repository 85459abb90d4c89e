import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import { type Rule, violation } from '../rule.ts'

const RULES = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }]
/** Occurs in no credential, so none is found across two pages. */
const BETWEEN = '\n\0\n'

/**
 * The message does not repeat the credential.
 * All pages are one source, because secretlint keeps every source and searches all of them again for the next one.
 */
export const noSecret: Rule = {
  id: 'no-secret',
  severity: 'error',
  summary: 'No page contains a credential',
  hint: 'Revoke it, then name where it is kept: secrets in handbook.yaml, and secret() in a block',
  async checkTexts(pages, texts) {
    const source = { filePath: 'pages.md', content: texts.join(BETWEEN), ext: '.md', contentType: 'text' } as const
    const { messages } = await lintSource({ source, options: { config: { rules: RULES }, noPhysicFilePath: true } })
    return messages.flatMap(({ message, range: [start] }) => {
      let offset = start
      const index = texts.findIndex(text => {
        if (offset < text.length) return true
        offset -= text.length + BETWEEN.length
        return false
      })
      const page = pages[index]
      if (!page) return []
      const kind = message.replace(/^found /, '').replace(/: .*$/s, '')
      const place = placeAt(texts[index] ?? '', offset)
      // On a plain page, an example of an address with a password must not stop the build of the site.
      const more = page.procedure.kind === 'page' ? { severity: 'warning' as const } : {}
      return [{ file: page.path, ...violation(place, `This looks like a credential: ${kind}`, more) }]
    })
  },
}

function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
