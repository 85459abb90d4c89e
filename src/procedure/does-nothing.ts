import type { Language } from './model.ts'

/** Whether a block runs nothing at all: it is empty, or has only comments, declarations and commands without an effect. */
export function doesNothing(language: Language, code: string): boolean {
  return language === 'ts' ? isIdleTypeScript(code) : isIdleBash(code)
}

/** What may stand between statements: white space, comments, semicolons, a block's own braces. */
const GAP = /(?:[\s;{}]|\/\/[^\r\n\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y
const LITERAL = String.raw`(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\`[^\`$\\]*\`|[\d.][\w.]*|null|undefined|true|false|void 0)`
/** The end of a statement; a comment may stand before it. */
const END = String.raw`(?=[ \t]*(?:;|\}|[\r\n]|\/\/|\/\*|$))`
const SIMPLE: readonly RegExp[] = [
  new RegExp(`${LITERAL}${END}`, 'y'),
  new RegExp(String.raw`(?:await[ \t]+|return[ \t]+)?(?:null|undefined|void 0)${END}`, 'y'),
  new RegExp(`return${END}`, 'y'),
  new RegExp(String.raw`(?:const|let|var)\s+[\w$]+\s*(?::[^=;\n]+)?(?:=\s*(?:${LITERAL}|\[\s*\]|\{\s*\}))?${END}`, 'y'),
  // One that binds no name runs a module, which may do something.
  /import\s+(?!['"(.])[^;'"]*['"][^'"\n]*['"](?:\s*with\s*\{[^}]*\})?/y,
  /import\s*['"]node:[\w/]+['"]/y,
]
/** A declaration with a body in braces, which runs only when something calls it. */
const WITH_BODY =
  /(?:export\s+)?(?:declare\s+)?(?:interface\b|(?:const\s+)?enum\b|namespace\b|module\b|(?:abstract\s+)?class\b(?![^{]*\bextends\s+\w+\s*\()|(?:async\s+)?function\b)[^{]*(?=\{)/y
const TYPE = /(?:export\s+)?(?:declare\s+)?type\s+[\w$]+[^=;]*=/y
const DECLARED = /declare\s+(?:const|let|var)\s+[^;\n]*/y

function isIdleTypeScript(code: string): boolean {
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(code)?.[0]
    at += found?.length ?? 0
    return found
  }
  for (;;) {
    take(GAP)
    if (at >= code.length) return true
    if (SIMPLE.some(pattern => take(pattern) !== undefined) || take(DECLARED) !== undefined) continue
    const type = take(TYPE) !== undefined
    const head = type ? undefined : take(WITH_BODY)
    if (!type && head === undefined) return false
    const end = type ? endOfType(code, at) : endOfBraces(code, at)
    // A class may run code where it is declared.
    if (end === undefined || (head?.includes('class') && /\bstatic\b/.test(code.slice(at, end)))) return false
    at = end
  }
}

/** Texts and comments, whose signs mean nothing. */
const OPAQUE = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/y

/** The offset behind a body in braces; `undefined` when it does not end. */
function endOfBraces(code: string, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < code.length; ) {
    OPAQUE.lastIndex = at
    const opaque = OPAQUE.exec(code)?.[0].length
    if (opaque === undefined) {
      if ('{[('.includes(code.charAt(at))) depth++
      if ('}])'.includes(code.charAt(at))) depth--
    }
    at += opaque ?? 1
    if (depth === 0) return at
  }
  return undefined
}

/** The offset behind a type: the end of a line that no operator continues. */
function endOfType(code: string, from: number): number | undefined {
  let before = '='
  for (let at = from; at < code.length; ) {
    const sign = code.charAt(at)
    if (sign === ';') return at
    if (/[\r\n]/.test(sign) && !/[=|&?:>,]/.test(before) && !/^\s*(?:[|&?:]|extends\b)/.test(code.slice(at))) return at
    const end = '{[('.includes(sign) ? endOfBraces(code, at) : at + 1
    if (end === undefined) return undefined
    if (!/\s/.test(sign)) before = sign === '>' && before === '=' ? '=' : code.charAt(end - 1)
    at = end
  }
  return code.length
}

/** Words that only join commands, or set how the shell reads them. */
const JOINING = /^(?:if|then|elif|else|fi|while|until|do|done|[{}!()]|time)$/
const QUIET_WORD = /^(?:[^\s$`'"<>|&;()\\]|'[^']*'|"[^"$`\\]*"|\\.)+/
const HERE_DOCUMENT = /^[ \t]*:[ \t]*<<-?[ \t]*(?:'(\w+)'|"(\w+)"|\\?(\w+))[ \t]*$/
const FUNCTION = /^(?:function[ \t]+[\w-]+[ \t]*(?:\(\))?|[\w-]+[ \t]*\(\))[ \t]*\{/

/** Each joining word that opens something, and what closes it. */
const PAIRS: Readonly<Record<string, string>> = { if: 'fi', do: 'done', '{': '}', '(': ')' }

function isIdleBash(code: string): boolean {
  // What is not closed is a mistake, which bash names.
  const words = code.replace(/^\s*#.*$/gm, '').match(/[A-Za-z]+|[{}()]/g) ?? []
  const isWhole = Object.entries(PAIRS).every(
    ([open, close]) => words.filter(word => word === open).length === words.filter(word => word === close).length,
  )
  return isWhole && hasOnlyIdleLines(code)
}

function hasOnlyIdleLines(code: string): boolean {
  const lines = code.replace(/\\\n/g, ' ').split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trim() ?? ''
    const [, single, double, bare] = HERE_DOCUMENT.exec(lines[index] ?? '') ?? []
    const mark = single ?? double ?? bare
    if (mark !== undefined) {
      // A comment of several lines, as bash knows it.
      const end = lines.findIndex((text, at) => at > index && text.trim() === mark)
      if (end === -1) return false
      if (bare !== undefined && /[$`]/.test(lines.slice(index + 1, end).join('\n'))) return false
      index = end
    } else if (FUNCTION.test(line)) {
      if (/\}$/.test(line)) continue
      const indent = lines[index]?.search(/\S/) ?? 0
      const end = lines.findIndex(
        (text, at) => at > index && /^\s*\}\s*(?:#.*)?$/.test(text) && text.search(/\S/) <= indent,
      )
      if (end === -1) return false
      index = end
    } else if (!isIdleLine(line)) return false
  }
  return true
}

/** Whether each command of a line is `:`, a setting of the shell, or an assignment of a text. */
function isIdleLine(line: string): boolean {
  let rest = line
  let command: string[] = []
  const isIdleCommand = () => {
    const words = command.filter((word, at) => at > 0 || !JOINING.test(word))
    command = []
    const [first] = words
    if (first === undefined || first === ':') return true
    if (first === 'shopt') return words[1] === '-s' || words[1] === '-u'
    // With -p, -f or -F they print, and fail when there is no such name.
    if (/^(?:export|readonly|declare|local)$/.test(first))
      return words.length > 1 && !words.some(word => /^-\w*[pfF]/.test(word))
    if (first === 'set' || first === 'unset') return words.length > 1
    return words.every(word => /^[A-Za-z_]\w*\+?=/.test(word))
  }
  while (rest !== '') {
    const [gap = ''] = /^[ \t]+/.exec(rest) ?? []
    rest = rest.slice(gap.length)
    if (rest.startsWith('#')) return isIdleCommand()
    const [mark] = /^(?:&&|\|\||[;&|()])/.exec(rest) ?? []
    if (mark !== undefined) {
      if (!isIdleCommand()) return false
      rest = rest.slice(mark.length)
      continue
    }
    const [word] = QUIET_WORD.exec(rest) ?? []
    if (word === undefined) return rest === '' ? isIdleCommand() : false
    rest = rest.slice(word.length)
    if (command.length === 0 && JOINING.test(word)) continue
    command.push(word)
  }
  return isIdleCommand()
}
