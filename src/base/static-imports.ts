const SPACE = String.raw`(?:\s|//[^\n]*\n|/\*[\s\S]*?\*/)*`
/** One import statement and the space before it. The imported names hold neither quotes nor semicolons. */
const IMPORT = new RegExp(
  String.raw`^(?<before>${SPACE})import\b(?!\s*[(.])(?<clause>[^'"\`;()]*)(?<module>'[^'\n]*'|"[^"\n]*")(?:\s*with\s*(?<attributes>\{[^}]*\}))?[ \t]*;?`,
)

/** Where the static imports at the beginning of a ts block end: 0 when it has none. */
export function endOfImports(code: string): number {
  let end = 0
  for (const statement of readImports(code)) end += statement[0].length
  return end
}

/**
 * Turns the static imports at the beginning of a ts block into dynamic ones, which may stand in a function. Lines stay:
 * the code behind the imports keeps its place.
 */
export function makeImportsDynamic(code: string): string {
  const statements = readImports(code)
  const imports = statements.map(({ 0: text, groups }) => {
    const { before = '', clause = '', module = '', attributes }: Record<string, string | undefined> = groups ?? {}
    const written = writeImport(clause, module, attributes)
    const lost = countLines(text) - countLines(before) - countLines(written)
    return `${before}${written};${'\n'.repeat(Math.max(0, lost))}`
  })
  return imports.join('') + code.slice(endOfImports(code))
}

function readImports(code: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = []
  let rest = code
  for (let match = IMPORT.exec(rest); match; match = IMPORT.exec(rest)) {
    found.push(match)
    rest = rest.slice(match[0].length)
  }
  return found
}

function writeImport(clause: string, module: string, attributes: string | undefined): string {
  const plain = clause
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  const call = `await import(${module}${attributes ? `, { with: ${attributes} }` : ''})`
  if (plain === '') return call
  // `import type from "x"` has a default import that is called type.
  if (/^type (?!from$|,)/.test(plain)) return ''
  const [, first, space, list] = /^([\w$]+)?\s*,?\s*(?:\* as ([\w$]+)|\{(.*)\})?\s*from$/.exec(plain) ?? []
  const names = (list ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && !/^type (?!as\b(?! as\b))/.test(name))
    .map(name => name.replace(/ as /, ': '))
  if (first !== undefined) names.unshift(`default: ${first}`)
  if (space !== undefined)
    return `const ${space} = ${call}${first === undefined ? '' : `, { default: ${first} } = ${space}`}`
  // Only types were named: nothing is left to import.
  return names.length === 0 ? '' : `const { ${names.join(', ')} } = ${call}`
}

/**
 * The line and column behind the first mention of a script in a stack trace. Of what cannot be read at all, V8 shows the line, and below it
 * where.
 */
export function findScriptPlace(
  stack: string,
  name: string,
): { readonly line: number; readonly column: number } | undefined {
  const at = stack.indexOf(`${name}:`)
  if (at < 0) return undefined
  const [, line, column, shown] = /^(\d+)(?::(\d+)|\n.*\n([ \t]*)\^)/.exec(stack.slice(at + name.length + 1)) ?? []
  if (line === undefined) return undefined
  return { line: Number(line), column: column === undefined ? (shown?.length ?? 0) + 1 : Number(column) }
}

function countLines(text: string): number {
  return text.split('\n').length - 1
}
