import { type Cursor, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './cursor.ts'
import { type Mark, YamlError } from './token.ts'

/** The text of a block scalar, from its `|` or `>` on. `parent` is the indentation of what it belongs to, -1 for none. */
export function scanBlockScalar(cursor: Cursor, parent: number): string {
  const start = cursor.mark
  const isLiteral = cursor.take() === '|'
  const header = cursor.takeWhile(character => /^[-+\d]$/.test(character))
  const [, before, digit, after] = /^([-+]?)(\d?)([-+]?)/.exec(header) ?? []
  if (digit === '0') throw new YamlError('found an indentation indicator equal to 0', start)
  const rest = header.slice(`${before ?? ''}${digit ?? ''}${before ? '' : (after ?? '')}`.length)
  if (rest !== '') throw new YamlError('did not find expected comment or line break', start)
  const chomping = before || after
  cursor.takeWhile(isBlank)
  if (cursor.peek() === '#') cursor.takeWhile(character => !isBreakOrEnd(character))
  if (!isBreakOrEnd(cursor.peek())) throw new YamlError('did not find expected comment or line break', start)
  cursor.takeBreak()
  const given = digit ? Math.max(parent, 0) + Number(digit) : 0
  let { breaks, indent } = scanIndent(cursor, given, parent, start)
  let text = ''
  let leadingBreak = ''
  let leadingBlank = false
  while (cursor.column === indent && cursor.peek() !== '') {
    const isBlankLine = isBlank(cursor.peek())
    const folds = !isLiteral && !leadingBlank && !isBlankLine && leadingBreak === '\n'
    text += folds ? (breaks === '' ? ' ' : '') : leadingBreak
    text += breaks
    leadingBlank = isBlankLine
    text += cursor.takeWhile(character => !isBreakOrEnd(character))
    leadingBreak = cursor.takeBreak()
    breaks = scanIndent(cursor, indent, parent, start).breaks
  }
  return text + (chomping === '-' ? '' : leadingBreak) + (chomping === '+' ? breaks : '')
}

/** Takes indentation and empty lines. An indentation of 0 is not known yet: the deepest one of these lines decides. */
function scanIndent(
  cursor: Cursor,
  known: number,
  parent: number,
  start: Mark,
): { readonly breaks: string; readonly indent: number } {
  let breaks = ''
  let deepest = 0
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.peek() === ' ') cursor.take()
    deepest = Math.max(deepest, cursor.column)
    if ((known === 0 || cursor.column < known) && cursor.peek() === '\t')
      throw new YamlError('found a tab character where an indentation space is expected', start)
    if (!isBreak(cursor.peek())) break
    breaks += cursor.takeBreak()
  }
  return { breaks, indent: known || Math.max(deepest, parent + 1, 1) }
}

/** The text of a scalar in quotes, from its first quote on. */
export function scanQuotedScalar(cursor: Cursor): string {
  const start = cursor.mark
  const quote = cursor.take()
  let text = ''
  for (;;) {
    if (cursor.isAtDocumentMark()) throw new YamlError('found unexpected document indicator', start)
    if (cursor.peek() === '') throw new YamlError('found unexpected end of stream', start)
    let escapedBreak = false
    while (!isBlankOrEnd(cursor.peek())) {
      const next = cursor.peek()
      if (quote === "'" && next === quote && cursor.peek(1) === quote) {
        text += quote
        cursor.take()
        cursor.take()
      } else if (next === quote) break
      else if (quote === '"' && next === '\\' && isBreak(cursor.peek(1))) {
        cursor.take()
        cursor.takeBreak()
        escapedBreak = true
        break
      } else if (quote === '"' && next === '\\') text += scanEscape(cursor, start)
      else text += cursor.take()
    }
    if (cursor.peek() === quote) break
    text += foldSpace(cursor, escapedBreak).text
  }
  cursor.take()
  return text
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', ' ': ' ', '"': '"', "'": "'",
  '\\': '\\', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
} // biome-ignore format: a table
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function scanEscape(cursor: Cursor, start: Mark): string {
  const kind = cursor.peek(1)
  const known = ESCAPES[kind]
  const length = CODES[kind]
  if (known === undefined && length === undefined) throw new YamlError('found unknown escape character', start)
  cursor.take()
  cursor.take()
  if (known !== undefined) return known
  let digits = ''
  for (let taken = 0; taken < (length ?? 0); taken += 1) {
    if (!/^[\da-f]$/i.test(cursor.peek())) throw new YamlError('did not find expected hexdecimal number', start)
    digits += cursor.take()
  }
  const code = Number.parseInt(digits, 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw new YamlError('found invalid Unicode character escape code', start)
  return String.fromCodePoint(code)
}

/** Takes white space between two words, and gives what YAML makes of it. */
function foldSpace(cursor: Cursor, afterBreak = false, judge?: () => void): { text: string; isFolded: boolean } {
  let blanks = ''
  let leading = ''
  let trailing = ''
  let isFolded = afterBreak
  while (isBlank(cursor.peek()) || isBreak(cursor.peek())) {
    if (isBreak(cursor.peek())) {
      if (isFolded) trailing += cursor.takeBreak()
      else leading += cursor.takeBreak()
      isFolded = true
    } else {
      if (isFolded) judge?.()
      const blank = cursor.take()
      if (!isFolded) blanks += blank
    }
  }
  if (!isFolded) return { text: blanks, isFolded }
  return { text: leading === '\n' ? trailing || ' ' : leading + trailing, isFolded }
}

/** The text of a bare scalar, and whether the line ended behind it. */
export function scanPlainScalar(
  cursor: Cursor,
  { indent, inFlow }: { readonly indent: number; readonly inFlow: boolean },
): { readonly text: string; readonly endsLine: boolean } {
  const start = cursor.mark
  let text = ''
  let space = { text: '', isFolded: false }
  for (;;) {
    if (cursor.isAtDocumentMark() || cursor.peek() === '#') break
    while (!isBlankOrEnd(cursor.peek())) {
      const next = cursor.peek()
      if (next === ':' && isBlankOrEnd(cursor.peek(1))) break
      if (inFlow && ',?[]{}'.includes(next)) break
      text += space.text + cursor.take()
      space = { text: '', isFolded: false }
    }
    if (!isBlank(cursor.peek()) && !isBreak(cursor.peek())) break
    space = foldSpace(cursor, false, () => {
      if (cursor.column < indent && cursor.peek() === '\t')
        throw new YamlError('found a tab character that violates indentation', start)
    })
    if (!inFlow && cursor.column < indent) break
  }
  return { text, endsLine: space.isFolded }
}
