/** Listens to the bytes of a form until the header of its file has passed, and reads the file's name as the client meant it. */
export class FormFileName {
  #seen = ''
  #found: string | undefined
  #isOver = false

  /** The name; undefined when no header of a file has passed yet. */
  get found(): string | undefined {
    return this.#found
  }

  /** Takes the next bytes of the form. */
  readonly take = (chunk: Buffer): void => {
    if (this.#isOver) return
    this.#seen += chunk.toString('latin1')
    const [, header] = dispositionOfFile.exec(this.#seen) ?? []
    if (header !== undefined) this.#found = readFileName(header)
    this.#isOver = header !== undefined || this.#seen.length > longestBeginning
    if (this.#isOver) this.#seen = ''
  }
}

// Fields may stand before the file. Their sizes are limited, too.
const longestBeginning = 2 * 1024 * 1024
const dispositionOfFile = /content-disposition:([^\r\n]*;\s*filename\*?=[^\r\n]*)\r\n/i

/**
 * The file name in a `Content-Disposition` whose bytes are given as Latin-1. What RFC 5987 encodes wins over the plain name beside it; a
 * plain name may have encoded words (RFC 2047, as .NET sends them), and is UTF-8 or else Latin-1. Undefined when there is none.
 */
export function readFileName(header: string): string | undefined {
  const [, charset, encoded] = /;\s*filename\*=\s*([\w-]+)'[^']*'([^;\s]*)/i.exec(header) ?? []
  const extended = charset !== undefined && encoded !== undefined ? decode(charset, percentDecoded(encoded)) : undefined
  if (extended !== undefined) return extended
  const [, quoted, token] = /;\s*filename=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/i.exec(header) ?? []
  const plain = quoted?.replace(/\\(["\\])/g, '$1') ?? token
  if (plain === undefined) return undefined
  // Browsers write these three so, and nothing else (HTML, multipart/form-data).
  const unescaped = plain.replace(/%(22|0d|0a)/gi, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return decodeWords(decode('utf-8', Buffer.from(unescaped, 'latin1')) ?? unescaped)
}

const word = /=\?([\w-]+)(?:\*\w+)?\?([bq])\?([^?\s]*)\?=/gi

// White space between two encoded words does not belong to the text.
function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(word, (whole, charset: string, kind: string, content: string) => {
      const bytes =
        kind.toLowerCase() === 'b'
          ? Buffer.from(content, 'base64')
          : percentDecoded(
              content
                .replace(/_/g, ' ')
                .replace(/%/g, '%25')
                .replace(/=([\da-f]{2})/gi, '%$1'),
            )
      return decode(charset, bytes) ?? whole
    })
}

function percentDecoded(text: string): Buffer {
  const characters = text.replace(/%([\da-f]{2})/gi, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return Buffer.from(characters, 'latin1')
}

function decode(charset: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
