import { type Mark, YamlError } from './token.ts'

/** Characters that YAML allows in a file. */
const ALLOWED = /^[\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u
/** libyaml reads this many bytes at once. It sees a forbidden character when it reads the part that holds it. */
const PART = 512

/** Reads a text character by character, and knows the line and the column. At the end every character is empty. */
export class Cursor {
  readonly #characters: readonly string[]
  /** From here on, libyaml has read a forbidden character. */
  readonly #forbiddenFrom: number
  readonly #forbidden: Mark | undefined
  #index = 0
  #line = 0
  #column = 0
  /** Line breaks since the last character that was no space. */
  newlines = 0

  constructor(text: string) {
    this.#characters = [...text]
    const at = this.#characters.findIndex(character => !ALLOWED.test(character))
    this.#forbiddenFrom = at < 0 ? Number.POSITIVE_INFINITY : startOfPart(this.#characters, at)
    this.#forbidden = at < 0 ? undefined : markOf(this.#characters, at)
  }

  get mark(): Mark {
    return { index: this.#index, line: this.#line, column: this.#column }
  }

  get column(): number {
    return this.#column
  }

  peek(ahead = 0): string {
    const at = this.#index + ahead
    if (at >= this.#forbiddenFrom && this.#forbidden)
      throw new YamlError('control characters are not allowed', this.#forbidden)
    return this.#characters[at] ?? ''
  }

  /** Takes a character that is no line break. */
  take(): string {
    const character = this.peek()
    if (!isBlank(character)) this.newlines = 0
    this.#index += 1
    this.#column += 1
    return character
  }

  /** Takes a line break, if there is one, as YAML reads it: mostly as `\n`. */
  takeBreak(): string {
    const character = this.peek()
    if (!isBreak(character)) return ''
    this.#index += character === '\r' && this.peek(1) === '\n' ? 2 : 1
    this.#line += 1
    this.#column = 0
    this.newlines += 1
    return character === '\u2028' || character === '\u2029' ? character : '\n'
  }

  /** Takes characters as long as they are like this. */
  takeWhile(fits: (character: string) => boolean): string {
    let taken = ''
    while (fits(this.peek())) taken += this.take()
    return taken
  }

  /** The end of a text without a last line break counts as a line of its own. */
  endLine(): void {
    if (this.#column === 0) return
    this.#column = 0
    this.#line += 1
  }

  /** Whether the line here begins with `---` or `...`. */
  isAtDocumentMark(marks: readonly string[] = ['-', '.']): boolean {
    const first = this.peek()
    const isMark = marks.includes(first) && this.peek(1) === first && this.peek(2) === first
    return this.#column === 0 && isMark && isBlankOrEnd(this.peek(3))
  }
}

/** A space or a tab. */
export const isBlank = (character: string) => character === ' ' || character === '\t'
/** A line break, in any spelling that libyaml knows. */
export const isBreak = (character: string) => character !== '' && '\n\r\u0085\u2028\u2029'.includes(character)
/** A line break, or the end of the text. */
export const isBreakOrEnd = (character: string) => character === '' || isBreak(character)
/** White space, or the end of the text. */
export const isBlankOrEnd = (character: string) => isBlank(character) || isBreakOrEnd(character)
/** A character of a name: of an anchor, a directive, the handle of a tag. */
export const isAlpha = (character: string) => /^[\w-]$/.test(character)

/** Whether a bare scalar may begin here. `-`, `?` and `:` begin one when something stands behind them. */
export function startsPlain(cursor: Cursor, isIndicator: boolean): boolean {
  const next = cursor.peek()
  if (next === '-') return !isBlank(cursor.peek(1))
  if (next === '?' || next === ':') return !isIndicator
  return !isBlankOrEnd(next) && !',[]{}#&*!|>\'"%@`'.includes(next)
}

function startOfPart(characters: readonly string[], at: number): number {
  let bytes = 0
  let start = 0
  for (let index = 0; index < at; index += 1) {
    const size = Buffer.byteLength(characters[index] ?? '')
    if (Math.floor((bytes + size) / PART) > Math.floor(bytes / PART)) start = index + 1
    bytes += size
  }
  return start
}

function markOf(characters: readonly string[], at: number): Mark {
  const lines = characters
    .slice(0, at)
    .join('')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
  return { index: at, line: lines.length - 1, column: [...(lines.at(-1) ?? '')].length }
}
