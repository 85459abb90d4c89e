import { ACTIONS, demandNumber, demandText, FUNCTIONS, GIVEN } from './constants.ts'
import { lexTemplate, TemplateError } from './lex.ts'
import { TemplateReader } from './token-reader.ts'

/** What is wrong with a template of an alert's label or annotation; `undefined` when Prometheus can read it. */
export function judgeTemplate(text: string): string | undefined {
  try {
    new TemplateParser(lexTemplate(text)).readAll()
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error.message
    throw error
  }
}

const DEEPEST = 300

class TemplateParser extends TemplateReader {
  readonly #defined = new Set<string>()
  #variables: string[] = [...GIVEN]
  #ranges = 0
  #depth = 0

  readAll(): void {
    const end = this.#readList(true)
    if (end !== 'end of text') throw new TemplateError(`unexpected {{${end}}}`)
  }

  /** Texts and actions, up to what ends them. */
  #readList(isTop = false): 'end' | 'else' | 'end of text' {
    this.#depth += 1
    if (this.#depth > DEEPEST) throw new TemplateError('it is nested too deep')
    for (;;) {
      const token = this.take()
      if (token.type === 'end') {
        if (!isTop) throw new TemplateError('unexpected EOF: an {{end}} is missing')
        return 'end of text'
      }
      if (token.type !== 'open') continue
      const { type, text } = this.skipSpace()
      const keyword = type === 'keyword' ? text : undefined
      if (keyword === 'end' || keyword === 'else') {
        this.take()
        if (keyword === 'end') this.close('end')
        else if (!this.#isIf()) this.close('else')
        this.#depth -= 1
        return keyword
      }
      if (keyword === 'define' && isTop) this.#readDefinition()
      else this.#readAction(keyword)
    }
  }

  #isIf(): boolean {
    const { type, text } = this.skipSpace()
    return type === 'keyword' && text === 'if'
  }

  #readAction(keyword: string | undefined): void {
    if (keyword === undefined || !ACTIONS.includes(keyword)) {
      this.#readPipeline('command', 'close')
      return
    }
    this.take()
    if (keyword === 'if' || keyword === 'with' || keyword === 'range') this.#readControl(keyword)
    else if (keyword === 'template') {
      this.#readName('template clause')
      if (this.skipSpace().type === 'close') this.take()
      else this.#readPipeline('template clause', 'close')
    } else if (keyword === 'block') {
      const name = this.#readName('block clause')
      this.#readPipeline('block clause', 'close')
      this.#readBody(name)
    } else {
      if (this.#ranges === 0) throw new TemplateError(`{{${keyword}}} outside {{range}}`)
      this.close(`{{${keyword}}}`)
    }
  }

  #readDefinition(): void {
    this.take()
    const name = this.#readName('define clause')
    this.close('define clause')
    this.#readBody(name)
  }

  /** The body of a template of its own: it sees no variables from outside. */
  #readBody(name: string): void {
    const [variables, ranges, start] = [this.#variables, this.#ranges, this.next]
    this.#variables = ['$']
    this.#ranges = 0
    if (this.#readList() === 'else') throw new TemplateError('unexpected {{else}} in a definition')
    this.#variables = variables
    this.#ranges = ranges
    const tokens = this.tokens.slice(start, this.next).filter(({ type }) => type !== 'space')
    // Without the `{{end}}`.
    if (tokens.slice(0, -3).every(({ text }) => text.trim() === '')) return
    if (this.#defined.has(name)) throw new TemplateError(`multiple definition of template ${name}`)
    this.#defined.add(name)
  }

  #readName(context: string): string {
    const { type, text } = this.skipSpace()
    if (type !== 'string' || text.startsWith("'")) this.unexpected(context)
    demandText(this.take().text)
    return text
  }

  #readControl(keyword: 'if' | 'with' | 'range'): void {
    const outside = this.#variables.length
    this.#readPipeline(keyword, 'close')
    if (keyword === 'range') this.#ranges += 1
    const end = this.#readList()
    if (keyword === 'range') this.#ranges -= 1
    if (end === 'else') {
      if (this.#isIf()) {
        if (keyword !== 'if') this.unexpected(keyword)
        this.take()
        this.#readControl('if')
      } else if (this.#readList() === 'else') throw new TemplateError('expected end; found {{else}}')
    }
    this.#variables.length = outside
  }

  #readPipeline(context: string, end: 'close' | 'right'): void {
    this.#readDeclarations(context)
    let commands = 0
    for (;;) {
      const { type } = this.skipSpace()
      if (type === end) {
        this.take()
        if (commands === 0) throw new TemplateError(`missing value for ${context}`)
        return
      }
      const starts = this.#readCommand()
      if (commands > 0 && !starts) throw new TemplateError(`non executable command in pipeline stage ${commands + 1}`)
      commands += 1
    }
  }

  #readDeclarations(context: string): void {
    for (let declared = 0; this.skipSpace().type === 'variable'; declared += 1) {
      const before = this.next
      const { text } = this.take()
      const { type } = this.skipSpace()
      if (type === 'assign') {
        this.take()
        this.#variables.push(text)
        return
      }
      if (type !== 'comma') {
        this.next = before
        return
      }
      this.take()
      this.#variables.push(text)
      if (context !== 'range' || declared > 0) throw new TemplateError(`too many declarations in ${context}`)
      if (!['variable', 'close', 'right'].includes(this.skipSpace().type))
        throw new TemplateError('range can only initialize variables')
    }
  }

  /** Whether the command can be executed: a value alone cannot. */
  #readCommand(): boolean {
    let [operands, starts] = [0, true]
    for (;;) {
      this.skipSpace()
      const kind = this.#readOperand()
      if (kind !== undefined) {
        if (operands === 0) starts = kind === 'call'
        operands += 1
      }
      const { type } = this.peek()
      if (type === 'space') continue
      if (type === 'pipe') this.take()
      else if (type !== 'close' && type !== 'right') this.unexpected('operand')
      break
    }
    if (operands === 0) throw new TemplateError('empty command')
    return starts
  }

  #readOperand(): 'value' | 'call' | undefined {
    const kind = this.#readTerm()
    if (kind === undefined || this.peek().type !== 'field') return kind === 'value' ? kind : kind && 'call'
    if (kind === 'value') this.unexpected('a value')
    while (this.peek().type === 'field') this.take()
    return 'call'
  }

  #readTerm(): 'value' | 'call' | undefined {
    const { type, text } = this.peek()
    switch (type) {
      case 'word':
        this.take()
        if (text === 'true' || text === 'false') return 'value'
        if (!FUNCTIONS.has(text)) throw new TemplateError(`function "${text}" not defined`)
        return 'call'
      case 'keyword':
        if (text !== 'nil') return undefined
        this.take()
        return 'value'
      case 'variable':
        this.take()
        if (!this.#variables.includes(text)) throw new TemplateError(`undefined variable "${text}"`)
        return 'call'
      case 'field':
        this.take()
        return 'call'
      case 'dot':
        this.take()
        return 'value'
      case 'number':
        this.take()
        demandNumber(text)
        return 'value'
      case 'string':
        this.take()
        demandText(text)
        return 'value'
      case 'left':
        this.take()
        this.#readPipeline('parenthesized pipeline', 'right')
        return 'call'
      default:
        return undefined
    }
  }
}
