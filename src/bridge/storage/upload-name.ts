// Controls, halves of characters, ends of lines, and what turns the direction of text so that `exe` reads as something else.
const unsafe = /\p{Cc}|\p{Cs}|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Makes a client's file name harmless: its last path segment, without control characters, at most 255 characters. */
export function safeUploadName(name: string | null | undefined): string {
  const segment = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  const printable = Array.from(segment.replace(unsafe, '')).slice(0, 255).join('').trim()
  return printable === '' || printable === '.' || printable === '..' ? 'unnamed' : printable
}
