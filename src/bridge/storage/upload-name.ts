/** Makes a client's file name harmless: its last path segment, without control characters, at most 255 characters. */
export function safeUploadName(name: string | null | undefined): string {
  const segment = (name ?? '').split(/[/\\]/).at(-1) ?? ''
  const printable = Array.from(segment.replace(/\p{Cc}|\p{Cs}/gu, '')).slice(0, 255)
  return printable.join('').trim() || 'unnamed'
}
