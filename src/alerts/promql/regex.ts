/** What is wrong with a regular expression for RE2, which Prometheus uses; `undefined` when nothing is. */
export function judgeRegex(expression: string): string | undefined {
  try {
    new RegexReader(expression).read()
    return undefined
  } catch (error) {
    if (error instanceof RegexError) return error.message
    throw error
  }
}

class RegexError extends Error {}

const REPEAT = /\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*|))?\}/y
const GROUP = /\(\?(?:P<(\w+)>|([imsU]*(?:-[imsU]+)?)([:)]))/y
const CLASS = /\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y
const NAMED = /[pP](?:\{\^?(\w+)\}|([A-Z]))/y
const CODE = /x(?:[\da-fA-F]{2}|\{[\da-fA-F]+\})|[0-7]{1,3}/y
const MOST_REPEATS = 1000

/** Walks a regular expression as RE2 parses it. */
class RegexReader {
  readonly #text: string
  readonly #names = new Set<string>()
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): void {
    let depth = 0
    let canRepeat = false
    let isRepeated = false
    for (;;) {
      const next = this.#text[this.#at]
      if (next === undefined) break
      const repeat = this.#readRepeat(next)
      if (repeat) {
        if (isRepeated) throw new RegexError('invalid nested repetition operator')
        if (!canRepeat) throw new RegexError('missing argument to repetition operator')
        isRepeated = true
        continue
      }
      isRepeated = false
      const couldRepeat: boolean = canRepeat
      canRepeat = true
      if (next === '(') {
        const opens = this.#openGroup()
        if (opens) depth += 1
        canRepeat = !opens && couldRepeat
      } else if (next === ')') {
        depth -= 1
        if (depth < 0) throw new RegexError('unexpected )')
        this.#at += 1
      } else if (next === '|') {
        canRepeat = false
        this.#at += 1
      } else if (next === '[') this.#readClass()
      else if (next === '\\') this.#readEscape(false)
      else this.#at += 1
    }
    if (depth > 0) throw new RegexError('missing closing )')
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at += found[0].length
    return found ?? undefined
  }

  #readRepeat(next: string): boolean {
    if ('*+?'.includes(next)) this.#at += 1
    else {
      const found = next === '{' ? this.#match(REPEAT) : undefined
      if (!found) return false
      const [, least = '', comma, most = ''] = found
      const top = comma === undefined || most === '' ? least : most
      if (Number(top) > MOST_REPEATS || Number(least) > MOST_REPEATS || Number(least) > Number(top))
        throw new RegexError('invalid repeat count')
    }
    if (this.#text[this.#at] === '?') this.#at += 1
    return true
  }

  /** Whether a group is opened; flags alone open none. */
  #openGroup(): boolean {
    if (this.#text[this.#at + 1] !== '?') {
      this.#at += 1
      return true
    }
    const found = this.#match(GROUP)
    const [, name, , end] = found ?? []
    if (!found) throw new RegexError('invalid or unsupported Perl syntax')
    if (name !== undefined) {
      if (this.#names.has(name)) throw new RegexError('duplicate group name')
      this.#names.add(name)
    }
    return end !== ')'
  }

  #readClass(): void {
    this.#at += 1
    if (this.#text[this.#at] === '^') this.#at += 1
    for (let isFirst = true; ; isFirst = false) {
      const next = this.#text[this.#at]
      if (next === undefined) throw new RegexError('missing closing ]')
      if (next === ']' && !isFirst) break
      if (next === '[' && this.#text[this.#at + 1] === ':') {
        if (this.#match(CLASS)) continue
        if (this.#text.indexOf(':]', this.#at + 2) >= 0) throw new RegexError('invalid character class range')
      }
      const low = this.#readMember()
      if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']' || low === undefined) continue
      this.#at += 1
      const high = this.#readMember()
      if (high === undefined || high < low) throw new RegexError('invalid character class range')
    }
    this.#at += 1
  }

  /** The code of a character; `undefined` for a class such as `\d`. */
  #readMember(): number | undefined {
    if (this.#text[this.#at] === '\\') return this.#readEscape(true)
    const code = this.#text.codePointAt(this.#at)
    if (code === undefined) throw new RegexError('missing closing ]')
    this.#at += code > 0xffff ? 2 : 1
    return code
  }

  #readEscape(inClass: boolean): number | undefined {
    this.#at += 1
    const next = this.#text[this.#at]
    if (next === undefined) throw new RegexError('trailing backslash at end of expression')
    if (/[dDsSwW]/.test(next) || (!inClass && /[AbBzC]/.test(next))) {
      if (next === 'C') throw new RegexError('invalid escape sequence')
      this.#at += 1
      return undefined
    }
    if (next === 'p' || next === 'P') {
      const found = this.#match(NAMED)
      const name = found?.[1] ?? found?.[2] ?? ''
      if (!found || !isUnicodeClass(name)) throw new RegexError('invalid character class range')
      return undefined
    }
    if (!inClass && next === 'Q') {
      const end = this.#text.indexOf('\\E', this.#at)
      this.#at = end < 0 ? this.#text.length : end + 2
      return undefined
    }
    if (/[x0-7]/.test(next)) {
      const isOctal = next === '0' || (/[1-7]/.test(next) && /[0-7]/.test(this.#text[this.#at + 1] ?? ''))
      const found = next === 'x' || isOctal ? this.#match(CODE) : undefined
      if (!found) throw new RegexError('invalid escape sequence')
      const code = Number.parseInt(found[0].replace(/^x\{?/, ''), next === 'x' ? 16 : 8)
      if (code > 0x10ffff) throw new RegexError('invalid escape sequence')
      return code
    }
    const control = 'afnrtv'.indexOf(next)
    if (control < 0 && /[A-Za-z\d]/.test(next)) throw new RegexError('invalid escape sequence')
    if (next.charCodeAt(0) > 0x7f) throw new RegexError('invalid escape sequence')
    this.#at += 1
    return control < 0 ? next.charCodeAt(0) : [7, 12, 10, 13, 9, 11][control]
  }
}

function isUnicodeClass(name: string): boolean {
  if (name === 'Any') return true
  try {
    new RegExp(name.length > 2 ? `\\p{Script=${name}}` : `\\p{${name}}`, 'u')
    return true
  } catch {
    return false
  }
}
