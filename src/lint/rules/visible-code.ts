import type { Place, Step } from '../../procedure/index.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/** Signs without a shape of their own: they hide or reorder what stands beside them, or move a terminal's cursor. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** What one reads is what runs. */
export const visibleCode: Rule = {
  id: 'visible-code',
  severity: 'error',
  summary: 'A block has no signs that hide or reorder what one reads',
  hint: 'Remove it; in a text, write its escape, such as \\u200e',
  checkPage: ({ procedure }) => procedure.phases.flatMap(({ steps }) => steps.flatMap(checkStep)),
}

function checkStep({ block }: Step): Violation[] {
  return block.code.split('\n').flatMap((line, index) => {
    const start: Place = block.lines[index] ?? block.fence
    return [...line.matchAll(UNSEEN)].map(({ 0: sign, index }) => {
      const name = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
      return violation(
        { line: start.line, column: start.column + index },
        `This block has the sign ${name}, which nobody sees`,
        {
          found: name,
        },
      )
    })
  })
}
