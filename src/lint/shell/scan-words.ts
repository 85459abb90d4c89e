/** A variable that a bash block reads. */
export interface Reference {
  readonly name: string
  /** Offset in the code at which the name begins. */
  readonly offset: number
  /** Whether it may be unset: `${NAME:-default}`, `${NAME+x}`. */
  readonly guarded: boolean
}

/** A word of a command; its text is known only when nothing in it is expanded. */
export interface Word {
  readonly text: string | undefined
  readonly offset: number
}

/** What is known of a bash script without running it. */
export interface ShellFacts {
  readonly references: readonly Reference[]
  /** Simple commands, also those in substitutions, as their words; keywords such as `if` are left out. */
  readonly commands: readonly (readonly Word[])[]
  /** Names that arithmetic and `${NAME:=…}` give a value. */
  readonly assigned: ReadonlySet<string>
}

const NAME = /[A-Za-z_]\w*/y
/** Authors do not nest this deep. A page with ten thousand `$(` must not use up the stack. */
const DEEPEST = 100

/** Reads the words of a script: quotes, expansions and arithmetic. What an expansion holds may be a list of commands again. */
export abstract class WordScanner {
  readonly references: Reference[] = []
  readonly assigned = new Set<string>()
  protected readonly code: string
  protected at = 0
  #depth = 0

  constructor(code: string) {
    this.code = code
  }

  /** Reads commands up to the end of the script, or to the mark that ends a substitution. */
  abstract scanList(end?: ')' | '`'): void

  protected scanWord(end?: ')' | '`'): Word {
    const offset = this.at
    let text: string | undefined = ''
    const add = (part: string | undefined) => {
      text = text === undefined || part === undefined ? undefined : text + part
    }
    while (this.at < this.code.length) {
      const char = this.code[this.at] ?? ''
      if (/[\s;&|<>()]/.test(char) || (char === '`' && end === '`')) {
        if (char === '(' && /=$/.test(this.code.slice(offset, this.at))) {
          this.#scanArray()
          add(undefined)
          continue
        }
        break
      }
      if (char === '\\') {
        if (this.code[this.at + 1] !== '\n') add(this.code[this.at + 1] ?? '')
        this.at += 2
      } else if (char === "'") {
        const from = this.at + 1
        this.at++
        this.skipTo("'")
        add(this.code.slice(from, this.at))
        this.at++
      } else if (char === '"') {
        this.at++
        const from = this.at
        const plain = this.scanText(() => this.code[this.at] === '"')
        add(plain ? this.code.slice(from, this.at).replace(/\\(["\\$`])/g, '$1') : undefined)
        this.at++
      } else if (char === '$' || char === '`') {
        this.#scanExpansion()
        add(undefined)
      } else {
        add(char)
        this.at++
      }
    }
    if (this.at === offset) this.at++
    return { text, offset }
  }

  #scanArray(): void {
    this.at++
    while (this.at < this.code.length && this.code[this.at] !== ')') {
      if (/\s/.test(this.code[this.at] ?? '')) this.at++
      else if (this.code[this.at] === '#') this.skipTo('\n')
      else this.scanWord()
    }
    this.at++
  }

  /** Text in which only `$`, backtick and backslash mean something; returns whether nothing in it is expanded. */
  protected scanText(isOver: () => boolean): boolean {
    let plain = true
    while (this.at < this.code.length && !isOver()) {
      const char = this.code[this.at]
      if (char === '\\') this.at += 2
      else if (char === '$' && this.code[this.at + 1] === "'") this.at++
      else if (char === '$' || char === '`') {
        plain = false
        this.#scanExpansion()
      } else this.at++
    }
    return plain
  }

  #scanExpansion(): void {
    const char = this.code[this.at]
    const next = this.code[this.at + 1] ?? ''
    if (!this.mayNest) this.at++
    else if (char === '`') this.nest(1, () => this.scanList('`'))
    else if (this.code.startsWith('$((', this.at)) this.nest(3, () => this.scanArithmetic(), 0)
    else if (next === '(') this.nest(2, () => this.scanList(')'))
    else if (next === '{') this.nest(2, () => this.#scanBraces())
    else if (next === "'") this.nest(2, () => this.#skipQuoted())
    else {
      this.at++
      const offset = this.at
      const [name] = this.match(NAME) ?? []
      if (name !== undefined) this.references.push({ name, offset, guarded: false })
      else if (/[\d@*#?$!-]/.test(next)) this.at++
    }
  }

  /** Whether something may be opened here once more. */
  protected get mayNest(): boolean {
    return this.#depth < DEEPEST
  }

  /** Reads what stands between `opening` characters and `closing` characters; with 0, `scan` reads the end itself. */
  protected nest(opening: number, scan: () => void, closing = 1): void {
    this.at += opening
    this.#depth++
    scan()
    this.#depth--
    this.at += closing
  }

  /** The inside of `$'…'`. */
  #skipQuoted(): void {
    while (this.at < this.code.length && this.code[this.at] !== "'") this.at += this.code[this.at] === '\\' ? 2 : 1
  }

  /** `${NAME}` with whatever may stand behind the name; bash pairs single quotes there even inside double ones. */
  #scanBraces(): void {
    const [prefix] = this.match(/[#!](?=[A-Za-z_])/y) ?? []
    const offset = this.at
    const [name] = this.match(NAME) ?? []
    const [, operator] = this.match(/(?:\[[@*\w]*\])?(:?[-+=?]|[@*](?=\}))?/y) ?? []
    if (name !== undefined && !(prefix === '!' && /^[@*]/.test(operator ?? ''))) {
      this.references.push({ name, offset, guarded: operator !== undefined && !operator.endsWith('?') })
      if (operator?.endsWith('=')) this.assigned.add(name)
    }
    while (this.at < this.code.length && this.code[this.at] !== '}') {
      const char = this.code[this.at]
      if (char === "'") {
        this.at++
        this.skipTo("'")
        this.at++
      } else if (char === '"') {
        this.at++
        this.scanText(() => this.code[this.at] === '"')
        this.at++
      } else if (char === '\\') this.at += 2
      else if (char === '$' || char === '`') this.#scanExpansion()
      else this.at++
    }
  }

  /** Up to the `))` that ends an arithmetic expression; only what has a `$` counts as read there. */
  protected scanArithmetic(): void {
    let depth = 0
    while (this.at < this.code.length) {
      const char = this.code[this.at]
      if (char === '$' || char === '`') {
        this.#scanExpansion()
        continue
      }
      const word = this.match(/([A-Za-z_]\w*)\s*(?:[-+*/%|&^]?=(?!=)|\+\+|--|<<=|>>=)|[A-Za-z_]\w*/y)
      if (word?.[1] !== undefined) this.assigned.add(word[1])
      if (word) continue
      if (char === '(') depth++
      if (char === ')' && depth-- === 0) {
        this.at += this.code[this.at + 1] === ')' ? 2 : 1
        return
      }
      this.at++
    }
  }

  protected skipTo(char: string): void {
    const found = this.code.indexOf(char, this.at)
    this.at = found < 0 ? this.code.length : found
  }

  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.code)
    if (match) this.at += match[0].length
    return match
  }
}
