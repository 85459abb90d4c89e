/** The lines by which a script and its fence are compared: line endings, and empty lines at the end, do not count. */
export function scriptLines(text: string): readonly string[] {
  const trimmed = text.replaceAll('\r\n', '\n').replace(/\n+$/, '')
  return trimmed === '' ? [] : trimmed.split('\n')
}
