import type { Place } from './model.ts'

/**
 * The first sign of a page that is no UTF-8 text, or was cut: bytes that are not UTF-8 are read as U+FFFD, and Markdown makes that of a NUL
 * too. So a block would run with other bytes than the file has.
 */
export function findUndecoded(text: string): (Place & { readonly what: string }) | undefined {
  const at = text.search(/[\0\ufffd]/)
  if (at < 0) return undefined
  const before = text.slice(0, at).split(/\r\n|\r|\n/)
  const what =
    text[at] === '\0'
      ? 'Here stands a NUL, which no text has'
      : 'Here stands U+FFFD, the sign for bytes that are not UTF-8'
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what }
}
