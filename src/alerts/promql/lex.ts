/** A token of PromQL. `word` is a name or a keyword; what it is depends on its place. */
export interface PromToken {
  readonly type: 'word' | 'number' | 'duration' | 'string' | 'mark' | 'end'
  /** As written; a string without its quotes and escapes. */
  readonly text: string
  /** The offset in the expression. */
  readonly at: number
}

/** A mistake in an expression, and its offset. */
export class PromError extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.name = 'PromError'
    this.at = at
  }
}

const SPACE = /(?:[ \t\r\n]+|#[^\n]*)*/y
const NUMBER = /(?:0[xX][\da-fA-F]*(?:\.[\da-fA-F]*)?|\d*(?:\.\d*)?)(?:[eE][+-]?\d*)?/y
const UNITS = /[smhdwy]s?(?:\d+[smhdw]s?)*/y
const WORD = /[a-zA-Z_:][\w:]*/y
const LABEL = /[a-zA-Z_]\w*/y
const MARK = /==|!=|<=|>=|[-+*/%^<>=(){}[\],@]/y
const MATCHER = /=~|!~|!=|[=,}]/y

/** Splits an expression into tokens, as Prometheus 2.42 does. Throws a `PromError`. */
export function lexPromql(text: string): readonly PromToken[] {
  const tokens: PromToken[] = []
  const open: { mark: string; at: number }[] = []
  let [at, inBraces, inBrackets, hasColon] = [0, false, false, false]
  const match = (pattern: RegExp, ahead = 0): string | undefined => {
    pattern.lastIndex = at + ahead
    return pattern.exec(text)?.[0]
  }
  const add = (type: PromToken['type'], written: string, value = written) => {
    tokens.push({ type, text: value, at })
    at += written.length
  }
  for (;;) {
    at += match(SPACE)?.length ?? 0
    const next = text[at]
    if (next === undefined) break
    if (next === '"' || next === "'" || next === '`') {
      const { end, value } = lexString(text, at)
      add('string', text.slice(at, end), value)
      continue
    }
    if (inBraces) {
      const found = match(LABEL) ?? match(MATCHER)
      if (found === undefined) throw new PromError(`unexpected character inside braces: ${show(text, at)}`, at)
      if (found === '}') {
        inBraces = false
        open.pop()
      }
      add(/^\w/.test(found) ? 'word' : 'mark', found)
      continue
    }
    if (/\d/.test(next) || (next === '.' && /\d/.test(text[at + 1] ?? ''))) {
      // Nothing is tried again: `1.5h` is no `1` with something behind it.
      const number = match(NUMBER) ?? ''
      const units = isWordAt(text, at + number.length) ? match(UNITS, number.length) : ''
      if (units === undefined || isWordAt(text, at + number.length + units.length))
        throw new PromError(`bad number or duration: ${/[\w.]+/.exec(text.slice(at))?.[0]}`, at)
      add(units === '' ? 'number' : 'duration', number + units)
      continue
    }
    if (inBrackets && /[a-zA-Z_:]/.test(next)) {
      if (hasColon) throw new PromError('unexpected colon', at)
      hasColon = true
      add('mark', next, ':')
      continue
    }
    const word = match(WORD)
    if (word !== undefined) {
      add('word', word)
      continue
    }
    const mark = match(MARK)
    if (mark === undefined || mark === '}') throw new PromError(`unexpected character: ${show(text, at)}`, at)
    if (mark === '(' || mark === '{') open.push({ mark, at })
    if (mark === ')' && open.pop()?.mark !== '(') throw new PromError('unexpected right parenthesis', at)
    if (mark === '{') inBraces = true
    if (mark === '[' && inBrackets) throw new PromError('unexpected left bracket', at)
    if (mark === ']' && !inBrackets) throw new PromError('unexpected right bracket', at)
    if (mark === '[' || mark === ']') [inBrackets, hasColon] = [mark === '[', false]
    add('mark', mark)
  }
  if (inBrackets) throw new PromError('unclosed left bracket', at)
  const unclosed = open.at(-1)
  if (unclosed)
    throw new PromError(`unclosed ${unclosed.mark === '{' ? 'left brace' : 'left parenthesis'}`, unclosed.at)
  return [...tokens, { type: 'end', text: '', at }]
}

const ESCAPE = /\\(?:([abfnrtv\\'"])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y
const PLAIN: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function lexString(text: string, start: number): { readonly end: number; readonly value: string } {
  const quote = text[start] ?? ''
  if (quote === '`') {
    const end = text.indexOf('`', start + 1)
    if (end < 0) throw new PromError('unterminated raw string', start)
    return { end: end + 1, value: text.slice(start + 1, end) }
  }
  let value = ''
  for (let at = start + 1; ; ) {
    const next = text[at]
    if (next === undefined || next === '\n') throw new PromError('unterminated quoted string', start)
    if (next === quote) return { end: at + 1, value }
    if (next !== '\\') {
      value += next
      at += 1
      continue
    }
    ESCAPE.lastIndex = at
    const [written, plain, octal, byte, short, long] = ESCAPE.exec(text) ?? []
    const other = plain === '"' || plain === "'" ? plain !== quote : false
    if (written === undefined || other) throw new PromError(`unknown escape sequence ${text.slice(at, at + 2)}`, at)
    const code = Number.parseInt(octal ?? byte ?? short ?? long ?? '0', octal === undefined ? 16 : 8)
    if (code > (octal === undefined ? 0x10ffff : 255) || (code >= 0xd800 && code <= 0xdfff))
      throw new PromError('an escape sequence is no character', at)
    value += plain === undefined ? String.fromCodePoint(code) : (PLAIN[plain] ?? plain)
    at += written.length
  }
}

function isWordAt(text: string, at: number): boolean {
  return /\w/.test(text[at] ?? '')
}

function show(text: string, at: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
}
