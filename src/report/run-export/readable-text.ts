import { stripVTControlCharacters } from 'node:util'

/**
 * What a program printed, as somebody would read it: without colours, of a line that was written over only its last state, and
 * other control characters as the pictures that Unicode has of them.
 */
export function makeReadable(text: string): string {
  return stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map(line => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n')
    .replace(/[^\P{Cc}\t\n]/gu, showControl)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
}

function showControl(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
