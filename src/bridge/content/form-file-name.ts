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
// A header goes on in a line that begins with white space.
const dispositionOfFile =
  /content-disposition:((?:[^\r\n]|\r\n[ \t])*;\s*filename(?:\*\d+)?\*?=(?:[^\r\n]|\r\n[ \t])*)\r\n(?=[^ \t])/i

/**
 * The file name in a `Content-Disposition` whose bytes are given as Latin-1. What RFC 5987 encodes wins over the plain name beside it, and so
 * does a name in several parts (RFC 2231, as Python's `email` writes them); a plain name may have encoded words (RFC 2047, as .NET sends
 * them), and is UTF-8 or else Latin-1. Undefined when there is none.
 */
export function readFileName(header: string): string | undefined {
  const [, charset, encoded] = /;\s*filename\*=\s*([\w-]+)'[^']*'([^;\s]*)/i.exec(header) ?? []
  const extended = charset !== undefined && encoded !== undefined ? decode(charset, percentDecoded(encoded)) : undefined
  const whole = extended ?? readContinued(header)
  if (whole !== undefined) return whole
  const [, quoted, token] = /;\s*filename=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/i.exec(header) ?? []
  const plain = quoted?.replace(/\\(["\\])/g, '$1') ?? token
  if (plain === undefined) return undefined
  // Browsers write these three so, and nothing else (HTML, multipart/form-data).
  const unescaped = plain.replace(/%(22|0d|0a)/gi, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return decodeWords(decode('utf-8', Buffer.from(unescaped, 'latin1')) ?? unescaped)
}

/** The name that is continued over `filename*0`, `filename*1`; those with a further star are percent-encoded (RFC 2231, 3 and 4.1). */
function readContinued(header: string): string | undefined {
  const parts = new Map<number, { readonly isEncoded: boolean; readonly text: string }>()
  for (const [, number, star, quoted, token] of header.matchAll(continued))
    parts.set(Number(number), { isEncoded: star === '*', text: quoted?.replace(/\\(["\\])/g, '$1') ?? token ?? '' })
  const first = parts.get(0)
  if (first === undefined) return undefined
  const [, charset = 'utf-8', start] = (first.isEncoded && /^([\w-]*)'[^']*'(.*)$/s.exec(first.text)) || []
  const bytes: Buffer[] = []
  for (let number = 0, part = parts.get(0); part !== undefined; number += 1, part = parts.get(number)) {
    const text = number === 0 ? (start ?? part.text) : part.text
    bytes.push(part.isEncoded ? percentDecoded(text) : Buffer.from(text, 'latin1'))
  }
  return decode(charset === '' ? 'utf-8' : charset, Buffer.concat(bytes))
}

const continued = /;\s*filename\*(\d+)(\*?)=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/gi

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
