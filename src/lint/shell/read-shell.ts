import type { Block, Place } from '../../procedure/index.ts'
import { type ShellFacts, type Word, WordScanner } from './scan-words.ts'

/**
 * Reads a bash script as far as checks need it: quoting, expansions, here-documents, substitutions, and where commands begin.
 * It is no parser: bash itself says what it refuses. It always comes to an end.
 */
export function readShell(code: string): ShellFacts {
  const scanner = new ShellScanner(code)
  scanner.scanList()
  return { references: scanner.references, commands: scanner.commands, assigned: scanner.assigned }
}

/** Where an offset of a block's code stands on the page. */
export function placeInBlock({ code, lines, fence }: Block, offset: number): Place {
  const before = code.slice(0, offset).split('\n')
  const place = lines[before.length - 1] ?? fence
  return { line: place.line, column: place.column + (before.at(-1)?.length ?? 0) }
}

interface HereDocument {
  readonly end: string
  readonly quoted: boolean
  readonly indented: boolean
}

const BLANK = /(?:[ \t]|\\\n)+/y
const REDIRECTION = />>|<>|>&|<&|>\||[<>]/y
const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', 'time'])
const DELIMITER = /(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\])+)/y

/** Goes once through a script and notes its commands. */
class ShellScanner extends WordScanner {
  readonly commands: Word[][] = []
  #pending: HereDocument[] = []

  /** Commands up to the end, or to the `)` or backtick that ends a substitution. */
  scanList(end?: ')' | '`'): void {
    let words: Word[] = []
    let depth = 0
    let cases = 0
    const finish = () => {
      if (words.length > 0) this.commands.push(words)
      words = []
    }
    while (this.at < this.code.length) {
      this.match(BLANK)
      const char = this.code[this.at]
      if (char === undefined) break
      if (char === '\n') {
        finish()
        this.at++
        this.#readHereDocuments()
      } else if (char === '#') this.skipTo('\n')
      else if (char === '`' && end === '`') break
      else if (char === ')' && end === ')' && depth === 0 && cases === 0) break
      else if (this.code.startsWith('((', this.at) && (words.length === 0 || words[0]?.text === 'for')) {
        this.at += 2
        this.scanArithmetic()
      } else if (char === '(' || char === ')') {
        finish()
        depth = Math.max(0, depth + (char === '(' ? 1 : cases > 0 && depth === 0 ? 0 : -1))
        this.at++
      } else if (char === ';' || char === '|' || char === '&') {
        if (char === '&' && this.code[this.at + 1] === '>') this.at++
        else finish()
        this.at++
      } else if (char === '<' || char === '>') {
        const offset = this.at
        if (this.#scanRedirection()) words.push({ text: undefined, offset })
      } else {
        const word = this.scanWord(end)
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

  /** A redirection, or a process substitution, which is a word: returns whether it is one. */
  #scanRedirection(): boolean {
    if (this.code.startsWith('<<<', this.at)) this.at += 3
    else if (this.code.startsWith('<<', this.at)) {
      this.at += 2
      const [, dash, delimiter = ''] = this.match(DELIMITER) ?? []
      const end = delimiter.replace(/['"\\]/g, '')
      this.#pending.push({ end, quoted: end !== delimiter, indented: dash === '-' })
    } else if (this.code[this.at + 1] === '(' && this.mayNest) {
      this.nest(2, () => this.scanList(')'))
      return true
    } else this.match(REDIRECTION)
    return false
  }

  #readHereDocuments(): void {
    for (const { end, quoted, indented } of this.#pending.splice(0)) {
      while (this.at < this.code.length) {
        const newline = this.code.indexOf('\n', this.at)
        const stop = newline < 0 ? this.code.length : newline
        const line = this.code.slice(this.at, stop)
        if ((indented ? line.replace(/^\t+/, '') : line) === end) {
          this.at = stop
          break
        }
        if (quoted) this.at = stop
        else this.scanText(() => this.at >= stop)
        if (this.at <= stop) this.at = stop + 1
      }
    }
  }
}
