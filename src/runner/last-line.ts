import { stripVTControlCharacters } from 'node:util'

/** Characters that are kept of a stream, and that are told of its last line. */
const KEPT = 2000
const TOLD = 200

/** Keeps the end of a stream for its last line. Give it redacted text: what is cut could not be redacted any more. */
export interface LastLine {
  push(text: string): void
  /** The last line that says anything, without colours and shortened; nothing when there is none. */
  read(): string | undefined
}

/** Makes a keeper for one stream. */
export function keepLastLine(): LastLine {
  let kept = ''
  return {
    push(text) {
      kept = (kept + text).slice(-KEPT)
    },
    read() {
      const line = stripVTControlCharacters(kept)
        .split(/[\r\n]+/)
        .map(text => text.trim())
        .findLast(Boolean)
      return line !== undefined && line.length > TOLD ? `${line.slice(0, TOLD - 1)}…` : line
    },
  }
}
