import type { Block, Place } from '../../procedure/index.ts'

/** A number that a block compares something with. */
export interface PlainThreshold extends Place {
  readonly text: string
}

/** `-lt 15`, `> 0.05`, `<= 30 * 60`: what is behind it may be a mark. */
const COMPARED =
  /(?:(?<=\s)-(?:gt|ge|lt|le)\s+|(?<![=<>&|$-])[<>]=?\s*)(?=\d)(\d[\d_.]*(?:\s*\*\s*\d[\d_.]*)*)(?![\w.])(\s*\/\*\s*=)?/g
/** `-gt $(($(date +%s) + 14 * 86400))`: what a sum ends with. */
const SUMMED = /(?<=\s-(?:gt|ge|lt|le)\s[^;&|]*)[+-]\s*(\d[\d_]*(?:\s*\*\s*\d[\d_]*)*)\s*\)\)/g
/** Counting rounds, and comments. */
const LEFT_OUT = /^\s*(?:for\b|while\b|\/\/|#)/
const MARK_AT_END = /#\s*=[\w-]+\s*$/
/** No number, but the version of something. */
const VERSION = /\..*\./
/** The status of an answer is a code, and an exit code is one too. */
const CODE = /(?:status|code|ended)\W*$/i

/** The numbers that a block compares with and that no mark binds to a quantity. None, one and two are no quantities. */
export function listPlainThresholds({ code, lines }: Pick<Block, 'code' | 'lines'>): readonly PlainThreshold[] {
  return code.split('\n').flatMap((line, at) => {
    const place = lines[at]
    if (!place || LEFT_OUT.test(line) || MARK_AT_END.test(line)) return []
    return [...line.matchAll(COMPARED), ...line.matchAll(SUMMED)].flatMap(
      ({ 0: whole, 1: number = '', 2: mark, index }) => {
        if (
          mark !== undefined ||
          ['0', '1', '2'].includes(number) ||
          VERSION.test(number) ||
          CODE.test(line.slice(0, index))
        )
          return []
        return [{ text: number, line: place.line, column: place.column + index + whole.lastIndexOf(number) }]
      },
    )
  })
}
