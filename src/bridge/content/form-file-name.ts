/**
 * Listens to the bytes of a form, and reads the names of its files as the client meant them. Only the headers of parts count: what stands in a
 * field is text.
 */
export class FormFileName {
  readonly #delimiter: string
  readonly #names: (string | undefined)[] = []
  #state: 'in a part' | 'in a header' | 'over' = 'in a part'
  // The first delimiter may stand at the very beginning.
  #kept = '\r\n'

  /** Takes the form's `Content-Type`. */
  constructor(contentType: string) {
    const [, quoted, token] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(contentType) ?? []
    this.#delimiter = `\r\n--${quoted ?? token ?? ''}`
  }

  /** The name in the next part with the field `file`; undefined when it has none. */
  next(): string | undefined {
    return this.#names.shift()
  }

  /** Takes the next bytes of the form. */
  readonly take = (chunk: Buffer): void => {
    if (this.#state === 'over') return
    this.#kept += chunk.toString('latin1')
    while (this.#readOn());
  }

  /** Whether what is kept may tell more. */
  #readOn(): boolean {
    switch (this.#state) {
      case 'in a part': {
        const at = this.#kept.indexOf(this.#delimiter)
        this.#kept = this.#kept.slice(at < 0 ? 1 - this.#delimiter.length : at + this.#delimiter.length)
        if (at >= 0) this.#state = 'in a header'
        return at >= 0
      }
      case 'in a header': {
        const end = this.#kept.indexOf('\r\n\r\n')
        if (this.#kept.startsWith('--') || (end < 0 && this.#kept.length > longestHeader)) this.#state = 'over'
        if (end < 0 || this.#state === 'over') return false
        // One file is all that a form may have, and nothing behind its header is of interest.
        this.#state = this.#isFile(this.#kept.slice(0, end)) ? 'over' : 'in a part'
        this.#kept = this.#kept.slice(end + 4)
        return true
      }
      case 'over':
        return false
      default:
        return this.#state satisfies never
    }
  }

  /** Notes the name of a part with the field `file`, and says whether it is a file. */
  #isFile(headers: string): boolean {
    // A header goes on in a line that begins with white space.
    const lines = headers.replace(/\r\n[ \t]+/g, ' ')
    const [, header] = /^content-disposition:(.*)$/im.exec(lines) ?? []
    if (header === undefined || readParameters(header).get('name') !== 'file') return false
    const name = readFileName(header)
    this.#names.push(name)
    return name !== undefined || /^content-type:\s*application\/octet-stream\b/im.test(lines)
  }
}

// The longest header that the parser of the form takes.
const longestHeader = 16 * 1024

/**
 * The file name in a `Content-Disposition` whose bytes are given as Latin-1; undefined when there is none. A name that RFC 5987 encodes, or
 * one in several parts (RFC 2231, as Python's `email` writes it), wins over the plain name beside it. A plain name may have encoded words
 * (RFC 2047, as .NET sends them); it is UTF-8, or else Latin-1.
 */
export function readFileName(header: string): string | undefined {
  const parameters = readParameters(header)
  const whole = readExtended(parameters.get('filename*')) || readContinued(parameters)
  if (whole) return whole
  const plain = parameters.get('filename')
  if (plain === undefined) return undefined
  // Browsers write these three so, and nothing else (HTML, multipart/form-data).
  const unescaped = plain.replace(/%(22|0d|0a)/gi, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  return decodeWords(decodeName(unescaped))
}

/** A name whose bytes are given as Latin-1: it is UTF-8, or else Latin-1. */
export function decodeName(bytes: string): string {
  return decode('utf-8', Buffer.from(bytes, 'latin1')) ?? bytes
}

/** The parameters of a header without their quotes, by their names in lower case. The first of a name counts. */
function readParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, bare] of header.matchAll(parameter)) {
    const value = quoted?.replace(/\\(["\\])/g, '$1') ?? bare?.trim() ?? ''
    const known = name.toLowerCase()
    if (!parameters.has(known)) parameters.set(known, value)
  }
  return parameters
}

// One after the other, so that nothing within quotes is taken for a parameter.
const parameter = /;\s*([^=;\s]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*)))?/g

function readExtended(value: string | undefined): string | undefined {
  const [, charset, encoded] = /^([\w-]+)'[^']*'(.*)$/s.exec(value ?? '') ?? []
  return charset === undefined || encoded === undefined ? undefined : decode(charset, percentDecoded(encoded))
}

/** The name that is continued over `filename*0`, `filename*1`; those with a further star are percent-encoded (RFC 2231, 3 and 4.1). */
function readContinued(parameters: ReadonlyMap<string, string>): string | undefined {
  const bytes: Buffer[] = []
  let charset = 'utf-8'
  for (let number = 0; ; number += 1) {
    const plain = parameters.get(`filename*${number}`)
    const encoded = parameters.get(`filename*${number}*`)
    if (plain === undefined && encoded === undefined) break
    const [, named, start] = (number === 0 && /^([\w-]*)'[^']*'(.*)$/s.exec(encoded ?? '')) || []
    charset = named || charset
    bytes.push(encoded === undefined ? Buffer.from(plain ?? '', 'latin1') : percentDecoded(start ?? encoded))
  }
  return bytes.length === 0 ? undefined : decode(charset, Buffer.concat(bytes))
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
