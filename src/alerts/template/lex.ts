/** A token of an action in a template, or the text between actions. */
export interface TemplateToken {
  readonly type:
    | 'text' | 'open' | 'close' | 'space' | 'word' | 'keyword' | 'variable' | 'field' | 'dot' | 'string' | 'number' | 'assign' | 'pipe' | 'left' | 'right' | 'comma' | 'end' // biome-ignore format: a table
  readonly text: string
}

/** A mistake in a template. */
export class TemplateError extends Error {}

const KEYWORDS = ['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'nil', 'range', 'template', 'with']
/** What may stand behind a name. */
const END = String.raw`(?=$|[\s.,|:()]|\}\})`
const COMMENT = /\/\*.*?\*\/(?:\s-)?\}\}/sy
const CLOSE = /(?:[ \t\r\n]-)?\}\}/y
const STRING = /"(?:\\[^\n]|[^"\\\n])*"|`[^`]*`|'(?:\\[^\n]|[^'\\\n])*'/y
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*|0[bB][01_]*|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?(?![\p{L}\p{Nd}_])/uy
const WORD = new RegExp(String.raw`[\p{L}_][\p{L}\p{Nd}_]*${END}`, 'uy')
const FIELD = new RegExp(String.raw`\.[\p{L}\p{Nd}_]*${END}`, 'uy')
const VARIABLE = new RegExp(String.raw`\$[\p{L}\p{Nd}_]*${END}`, 'uy')

/** Splits a template of Go into tokens. Throws a `TemplateError`. */
export function lexTemplate(text: string): readonly TemplateToken[] {
  const tokens: TemplateToken[] = []
  for (let at = 0; ; ) {
    const open = text.indexOf('{{', at)
    tokens.push({ type: 'text', text: text.slice(at, open < 0 ? undefined : open) })
    if (open < 0) break
    at = open + 2
    if (/^-\s/.test(text.slice(at, at + 2))) at += 2
    if (text.startsWith('/*', at)) {
      COMMENT.lastIndex = at
      const comment = COMMENT.exec(text)?.[0]
      if (comment === undefined)
        throw new TemplateError(
          text.indexOf('*/', at) < 0 ? 'unclosed comment' : 'comment ends before closing delimiter',
        )
      at += comment.length
      continue
    }
    tokens.push({ type: 'open', text: '{{' })
    at = lexAction(text, at, tokens)
  }
  return [...tokens, { type: 'end', text: '' }]
}

function lexAction(text: string, start: number, tokens: TemplateToken[]): number {
  let at = start
  let depth = 0
  const take = (type: TemplateToken['type'], pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined || found === '') return false
    const isKeyword = type === 'word' && KEYWORDS.includes(found)
    const isDot = type === 'field' && found === '.'
    tokens.push({ type: isKeyword ? 'keyword' : isDot ? 'dot' : type, text: found })
    at += found.length
    return true
  }
  for (;;) {
    const next = text[at]
    if (take('close', CLOSE)) {
      if (depth > 0) throw new TemplateError('unclosed left paren')
      return at
    }
    if (next === undefined) throw new TemplateError('unclosed action')
    if (take('space', /[ \t\r\n]+?(?=[ \t\r\n]-\}\}|[^ \t\r\n]|$)/y)) continue
    if (take('assign', /:?=/y) || take('pipe', /\|/y) || take('comma', /,/y) || take('variable', VARIABLE)) continue
    if (take('string', STRING)) continue
    if (/[\d+-]/.test(next) || /^\.\d/.test(text.slice(at, at + 2))) {
      if (take('number', NUMBER)) continue
      throw new TemplateError(`bad number syntax: ${JSON.stringify(text.slice(at, at + 6))}`)
    }
    if (take('word', WORD) || take('field', FIELD)) continue
    if (take('left', /\(/y)) depth += 1
    else if (take('right', /\)/y)) {
      depth -= 1
      if (depth < 0) throw new TemplateError('unexpected right paren')
    } else throw new TemplateError(`unexpected ${JSON.stringify(next)} in an action`)
  }
}
