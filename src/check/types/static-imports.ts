/** Comments and white space, then one import statement; what an import names holds neither quotes nor semicolons. */
const IMPORT =
  /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*import\b(?!\s*[(.])[^'"`;()]*(?:'[^'\n]*'|"[^"\n]*")(?:\s*with\s*\{[^}]*\})?[ \t]*;?/

/** Where the static imports at the beginning of a block end: 0 when it has none. */
export function endOfImports(code: string): number {
  let end = 0
  for (;;) {
    const match = IMPORT.exec(code.slice(end))
    if (!match) return end
    end += match[0].length
  }
}
