/** The text of a file, in one of the encodings of YAML: UTF-8, or UTF-16 with a byte order mark; or why it is none. */
export function decodeText(content: Uint8Array | string): { readonly text: string; readonly error?: string } {
  if (typeof content === 'string') return { text: content.replace(/^\ufeff/, '') }
  const [first, second] = content
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(content) }
  } catch {
    return { text: '', error: `the file is not ${encoding.toUpperCase()}` }
  }
}
