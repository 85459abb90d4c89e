import { TemplateError, type TemplateToken } from './lex.ts'

/** Reads the tokens of a template one after the other. */
export class TemplateReader {
  readonly tokens: readonly TemplateToken[]
  /** The index of the next token. */
  next = 0

  constructor(tokens: readonly TemplateToken[]) {
    this.tokens = tokens
  }

  peek(): TemplateToken {
    return this.tokens[this.next] ?? { type: 'end', text: '' }
  }

  take(): TemplateToken {
    const token = this.peek()
    this.next += 1
    return token
  }

  skipSpace(): TemplateToken {
    while (this.peek().type === 'space') this.next += 1
    return this.peek()
  }

  unexpected(context: string): never {
    const { text } = this.peek()
    throw new TemplateError(
      text === '' ? `unexpected end in ${context}` : `unexpected ${JSON.stringify(text)} in ${context}`,
    )
  }

  close(context: string): void {
    if (this.skipSpace().type !== 'close') this.unexpected(context)
    this.take()
  }
}
