import type { Reference, Word } from './shell-facts.ts'

interface HereDocument {
  readonly end: string
  readonly quoted: boolean
  readonly indented: boolean
}

const NAME = /[A-Za-z_]\w*/y
const BLANK = /(?:[ \t]|\\\n)+/y
const REDIRECTION = />>|<>|>&|<&|>\||[<>]/y
const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', 'time'])
/** Deeper than any author nests; a page with ten thousand `$(` must not exhaust the stack. */
const DEEPEST = 100
const DELIMITER = /(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\])+)/y

/**
 * Goes through a script once and notes what it meets. Above 250 lines, for its parts call each other at every turn: words hold
 * expansions, expansions hold lists, lists hold words.
 */
export class ShellScanner {
  readonly references: Reference[] = []
  readonly commands: Word[][] = []
  readonly assigned = new Set<string>()
  readonly #code: string
  #at = 0
  #depth = 0
  #pending: HereDocument[] = []

  constructor(code: string) {
    this.#code = code
  }

  /** Commands up to the end, or to the `)` or backtick that ends a substitution. */
  scanList(end?: ')' | '`'): void {
    let words: Word[] = []
    let depth = 0
    let cases = 0
    const finish = () => {
      if (words.length > 0) this.commands.push(words)
      words = []
    }
    while (this.#at < this.#code.length) {
      this.#match(BLANK)
      const char = this.#code[this.#at]
      if (char === undefined) break
      if (char === '\n') {
        finish()
        this.#at++
        this.#readHereDocuments()
      } else if (char === '#') this.#skipTo('\n')
      else if (char === '`' && end === '`') break
      else if (char === ')' && end === ')' && depth === 0 && cases === 0) break
      else if (this.#code.startsWith('((', this.#at) && (words.length === 0 || words[0]?.text === 'for')) {
        this.#at += 2
        this.#scanArithmetic()
      } else if (char === '(' || char === ')') {
        finish()
        depth = Math.max(0, depth + (char === '(' ? 1 : cases > 0 && depth === 0 ? 0 : -1))
        this.#at++
      } else if (char === ';' || char === '|' || char === '&') {
        if (char === '&' && this.#code[this.#at + 1] === '>') this.#at++
        else finish()
        this.#at++
      } else if (char === '<' || char === '>') {
        const offset = this.#at
        if (this.#scanRedirection()) words.push({ text: undefined, offset })
      } else {
        const word = this.#scanWord(end)
        if (words.length === 0) {
          if (KEYWORDS.has(word.text ?? '')) continue
          if (word.text === 'case') cases++
          if (word.text === 'esac') cases = Math.max(0, cases - 1)
        }
        words.push(word)
      }
    }
    finish()
  }

  /** A redirection, or a process substitution, which is a word; tells which. */
  #scanRedirection(): boolean {
    if (this.#code.startsWith('<<<', this.#at)) this.#at += 3
    else if (this.#code.startsWith('<<', this.#at)) {
      this.#at += 2
      const [, dash, delimiter = ''] = this.#match(DELIMITER) ?? []
      const end = delimiter.replace(/['"\\]/g, '')
      this.#pending.push({ end, quoted: end !== delimiter, indented: dash === '-' })
    } else if (this.#code[this.#at + 1] === '(' && this.#depth < DEEPEST) {
      this.#nest(2, () => this.scanList(')'))
      return true
    } else this.#match(REDIRECTION)
    return false
  }

  #readHereDocuments(): void {
    for (const { end, quoted, indented } of this.#pending.splice(0)) {
      while (this.#at < this.#code.length) {
        const newline = this.#code.indexOf('\n', this.#at)
        const stop = newline < 0 ? this.#code.length : newline
        const line = this.#code.slice(this.#at, stop)
        if ((indented ? line.replace(/^\t+/, '') : line) === end) {
          this.#at = stop
          break
        }
        if (quoted) this.#at = stop
        else this.#scanText(() => this.#at >= stop)
        if (this.#at <= stop) this.#at = stop + 1
      }
    }
  }

  #scanWord(end?: ')' | '`'): Word {
    const offset = this.#at
    let text: string | undefined = ''
    const add = (part: string | undefined) => {
      text = text === undefined || part === undefined ? undefined : text + part
    }
    while (this.#at < this.#code.length) {
      const char = this.#code[this.#at] ?? ''
      if (/[\s;&|<>()]/.test(char) || (char === '`' && end === '`')) {
        if (char === '(' && /=$/.test(this.#code.slice(offset, this.#at))) {
          this.#scanArray()
          add(undefined)
          continue
        }
        break
      }
      if (char === '\\') {
        if (this.#code[this.#at + 1] !== '\n') add(this.#code[this.#at + 1] ?? '')
        this.#at += 2
      } else if (char === "'") {
        const from = this.#at + 1
        this.#at++
        this.#skipTo("'")
        add(this.#code.slice(from, this.#at))
        this.#at++
      } else if (char === '"') {
        this.#at++
        const from = this.#at
        const plain = this.#scanText(() => this.#code[this.#at] === '"')
        add(plain ? this.#code.slice(from, this.#at).replace(/\\(["\\$`])/g, '$1') : undefined)
        this.#at++
      } else if (char === '$' || char === '`') {
        this.#scanExpansion()
        add(undefined)
      } else {
        add(char)
        this.#at++
      }
    }
    if (this.#at === offset) this.#at++
    return { text, offset }
  }

  #scanArray(): void {
    this.#at++
    while (this.#at < this.#code.length && this.#code[this.#at] !== ')') {
      if (/\s/.test(this.#code[this.#at] ?? '')) this.#at++
      else if (this.#code[this.#at] === '#') this.#skipTo('\n')
      else this.#scanWord()
    }
    this.#at++
  }

  /** Text in which only `$`, backtick and backslash mean something; tells whether nothing in it is expanded. */
  #scanText(isOver: () => boolean): boolean {
    let plain = true
    while (this.#at < this.#code.length && !isOver()) {
      const char = this.#code[this.#at]
      if (char === '\\') this.#at += 2
      else if (char === '$' && this.#code[this.#at + 1] === "'") this.#at++
      else if (char === '$' || char === '`') {
        plain = false
        this.#scanExpansion()
      } else this.#at++
    }
    return plain
  }

  #scanExpansion(): void {
    const char = this.#code[this.#at]
    const next = this.#code[this.#at + 1] ?? ''
    if (this.#depth >= DEEPEST) this.#at++
    else if (char === '`') this.#nest(1, () => this.scanList('`'))
    else if (this.#code.startsWith('$((', this.#at)) this.#nest(3, () => this.#scanArithmetic(), 0)
    else if (next === '(') this.#nest(2, () => this.scanList(')'))
    else if (next === '{') this.#nest(2, () => this.#scanBraces())
    else if (next === "'") this.#nest(2, () => this.#skipQuoted())
    else {
      this.#at++
      const offset = this.#at
      const [name] = this.#match(NAME) ?? []
      if (name !== undefined) this.references.push({ name, offset, guarded: false })
      else if (/[\d@*#?$!-]/.test(next)) this.#at++
    }
  }

  /** Goes into something that is opened by some characters and, unless it sees to that itself, closed by one. */
  #nest(opening: number, scan: () => void, closing = 1): void {
    this.#at += opening
    this.#depth++
    scan()
    this.#depth--
    this.#at += closing
  }

  /** The inside of `$'…'`. */
  #skipQuoted(): void {
    while (this.#at < this.#code.length && this.#code[this.#at] !== "'")
      this.#at += this.#code[this.#at] === '\\' ? 2 : 1
  }

  /** `${NAME}` with whatever may stand behind the name; bash pairs single quotes there even inside double ones. */
  #scanBraces(): void {
    const [prefix] = this.#match(/[#!](?=[A-Za-z_])/y) ?? []
    const offset = this.#at
    const [name] = this.#match(NAME) ?? []
    const [, operator] = this.#match(/(?:\[[@*\w]*\])?(:?[-+=?]|[@*](?=\}))?/y) ?? []
    if (name !== undefined && !(prefix === '!' && /^[@*]/.test(operator ?? ''))) {
      this.references.push({ name, offset, guarded: operator !== undefined && !operator.endsWith('?') })
      if (operator?.endsWith('=')) this.assigned.add(name)
    }
    while (this.#at < this.#code.length && this.#code[this.#at] !== '}') {
      const char = this.#code[this.#at]
      if (char === "'") {
        this.#at++
        this.#skipTo("'")
        this.#at++
      } else if (char === '"') {
        this.#at++
        this.#scanText(() => this.#code[this.#at] === '"')
        this.#at++
      } else if (char === '\\') this.#at += 2
      else if (char === '$' || char === '`') this.#scanExpansion()
      else this.#at++
    }
  }

  /** Up to the `))` that ends an arithmetic expression; only what has a `$` counts as read there. */
  #scanArithmetic(): void {
    let depth = 0
    while (this.#at < this.#code.length) {
      const char = this.#code[this.#at]
      if (char === '$' || char === '`') {
        this.#scanExpansion()
        continue
      }
      const word = this.#match(/([A-Za-z_]\w*)\s*(?:[-+*/%|&^]?=(?!=)|\+\+|--|<<=|>>=)|[A-Za-z_]\w*/y)
      if (word?.[1] !== undefined) this.assigned.add(word[1])
      if (word) continue
      if (char === '(') depth++
      if (char === ')' && depth-- === 0) {
        this.#at += this.#code[this.#at + 1] === ')' ? 2 : 1
        return
      }
      this.#at++
    }
  }

  #skipTo(char: string): void {
    const found = this.#code.indexOf(char, this.#at)
    this.#at = found < 0 ? this.#code.length : found
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#code)
    if (match) this.#at += match[0].length
    return match
  }
}
