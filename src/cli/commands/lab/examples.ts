/** A command's description with what one would type. */
export function examples(description: string, lines: readonly string[]): string {
  return [description, '', ...lines.map(line => `  ${line}`), ''].join('\n')
}
