/** Ways in which programs print what they are given. */
export const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': text => text,
  'base64, alone': text => toBase64(text),
  'base64, one byte behind': text => toBase64(`u${text}:x`),
  'base64, two bytes behind': text => toBase64(`us${text}:xyz`),
  'base64, broken into lines': text => breakLines(toBase64(`user:${text}`), 76),
  'base64 for URLs': text => Buffer.from(text).toString('base64url'),
  'base64 for URLs, one byte behind': text => Buffer.from(`u${text}:x`).toString('base64url'),
  'base64 for URLs, two bytes behind': text => Buffer.from(`us${text}:x`).toString('base64url'),
  'base64 in a URL': text => encodeURIComponent(toBase64(text)),
  hex: text => toHex(text),
  'hex in capitals': text => toHex(text).toUpperCase(),
  'hex by bytes': text => toHex(text).replace(/../g, ' $&'),
  'hex, broken into lines': text => breakLines(toHex(text), 60),
  'in a URL': text => `https://x/?q=${encodeURIComponent(text)}&b`,
  'in a URL, small letters': text => encodeURIComponent(text).replace(/%../g, code => code.toLowerCase()),
  'in a form': text => new URLSearchParams({ q: text }).toString(),
  'in a URL, every byte': text => toHex(text).replace(/../g, '%$&'),
  'in JSON': text => JSON.stringify({ password: text }),
  'in JSON, ASCII only': text => JSON.stringify(text).replace(/[^\x20-\x7e]/g, toUnicodeEscape),
  'in JSON in JSON': text => JSON.stringify({ log: JSON.stringify({ password: text }) }),
  'with accents apart': text => text.normalize('NFD'),
  'as Python writes it in ASCII': text =>
    text.replace(/[\x80-\xff]/g, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`),
  'in single quotes': text => `'${text.replaceAll("'", "'\\''")}'`,
  'in single quotes, by double quotes': text => `'${text.replaceAll("'", `'"'"'`)}'`,
  'in double quotes': text => `"${text.replace(/["\\$`]/g, '\\$&')}"`,
  'in dollar quotes': text => `$'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`,
  'in dollar quotes, in octal': text => `$'${toOctal(text)}'`,
  'with backslashes': text => text.replace(/[^\w\n]/gu, '\\$&'),
  'in XML': text => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`),
  'in HTML': text =>
    text.replace(/[&<>"]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char),
  'in SQL': text => `'${text.replaceAll("'", "''")}'`,
  'in CSV': text => `"${text.replaceAll('"', '""')}"`,
  'broken into lines at 48': text => (text.length > 48 ? breakLines(text.replace(/[\r\n]/g, ''), 48) : text),
  'broken into lines at 76, as JSON': text =>
    text.length > 48 ? JSON.stringify(breakLines(text.replace(/[\r\n]/g, ''), 76)) : text,
  'split by the cursor': text => splitBy(text, '\x1b[1C\x1b[?25h'),
  'split by a title': text => splitBy(text, '\x1b]0;a title\x07\x1b]8;;https://x\x1b\\'),
  'split by a character set': text => splitBy(text, '\x1b(B\x1b7'),
  'split by characters of no width': text => splitBy(text, '\u200b\u2060\ufeff'),
  'in part highlighted': text => {
    const chars = [...text]
    return `${chars.slice(0, 2).join('')}\x1b[01;31m\x1b[K${chars[2]}\x1b[m\x1b[K${chars.slice(3).join('')}`
  },
}

/** Something unseen in it; a secret that has such characters itself stays whole. */
function splitBy(text: string, unseen: string): string {
  const chars = [...text]
  if (text.includes('\u200d') || text.includes('\x01')) return text
  return `${chars.slice(0, 3).join('')}${chars.length > 0 ? unseen : ''}${chars.slice(3).join('')}`
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function toHex(text: string): string {
  return Buffer.from(text).toString('hex')
}

function toOctal(text: string): string {
  return [...Buffer.from(text)]
    .map(byte =>
      byte >= 0x30 && byte < 0x7f && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('')
}

function toUnicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function breakLines(text: string, width: number): string {
  return text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n')
}
