import { type Gap, LINES, SEPARATORS, UNSEEN, UNSEEN_OR_BREAKS } from './gap.ts'

/** How a secret may appear in a text: for each of its characters, the spellings that stand for it. */
export interface Spelling {
  readonly letters: readonly Letter[]
  /** What may stand between two letters without belonging to either. */
  readonly gap: Gap | undefined
  /** Whether any number of backslashes may stand before a letter. Quoting a text that is already quoted adds them. */
  readonly backslashes: boolean
}

/** One character or byte of a secret. */
export interface Letter {
  readonly texts: readonly string[]
  /** The code of the one character that is this letter and begins no other spelling of it; -1 when there is none. */
  readonly alone: number
  /** The characters that the texts begin with. */
  readonly starts: string
}

/** How plain text appears in the searched text: in a file's bytes, each read as a character, an `é` is two. */
export type Encode = (text: string) => string

/** Characters whose spellings were found out already, all of them encoded alike. */
export type KnownLetters = Map<string, Letter>

/**
 * Every spelling in which a secret must not be seen. The secret may be plain, or quoted for URLs, JSON, shells, XML and SQL, in any
 * mixture. It may be base64, starting anywhere in a longer text, or hex. All of these may be broken into lines, if the secret is not too
 * short. The lines of a longer secret are secrets themselves, because programs print a key's last line, or indent it.
 */
export function spellSecret(secret: string, encode: Encode, known: KnownLetters): Spelling[] {
  const lines = /[\r\n]/.test(secret) ? secret.split(/[\r\n]+/).map(line => line.trim()) : []
  const bytes = Buffer.from(secret)
  const telling = lines.filter(isTelling)
  const spellings = [
    ...[...new Set([secret, ...FORMS.map(form => secret.normalize(form)), ...telling])].map(text =>
      spellQuoted(text, encode, known),
    ),
    ...[...new Set([secret.replace(/[\r\n]+/g, ''), telling.join('')])].flatMap(text =>
      spellWrapped(text, encode, known),
    ),
  ]
  // A shorter secret would be found everywhere.
  if (bytes.length < MINIMUM) return spellings
  return [...spellings, ...[0, 1, 2].map(offset => spellBase64(bytes, offset)), spellHex(bytes)]
}

/** The forms in which an `é` is one character, or an `e` and its accent: some programs and file systems change one to the other. */
const FORMS = ['NFC', 'NFD'] as const

/** The fewest bytes that a secret can be hidden by. */
export const MINIMUM = 4

function isTelling(line: string): boolean {
  return line.length >= MINIMUM && !/^-----(?:BEGIN|END) |^\W*$|^(?:true|false|null)\W*$/.test(line)
}

function spellQuoted(text: string, encode: Encode, known: KnownLetters): Spelling {
  const letters = spellLetters(text, encode, known)
  return { letters, gap: UNSEEN, backslashes: true }
}

/** A secret that was broken into lines at other places than its own; nothing when it is so short that many texts look like it. */
function spellWrapped(secret: string, encode: Encode, known: KnownLetters): Spelling[] {
  if (secret.length < WRAPPED) return []
  const letters = spellLetters(secret, encode, known)
  return [{ letters, gap: UNSEEN_OR_BREAKS, backslashes: true }]
}

/** The fewest characters of a secret that is also looked for across lines. */
const WRAPPED = 16

function spellLetters(text: string, encode: Encode, known: KnownLetters): Letter[] {
  return [...text].map(char => {
    const letter = known.get(char) ?? makeLetter([encode(char), ...quote(char)])
    known.set(char, letter)
    return letter
  })
}

function quote(char: string): string[] {
  const point = char.codePointAt(0) ?? 0
  const bytes = [...Buffer.from(char)]
  const hex = point.toString(16)
  const spelt = [
    bytes.map(byte => `%${toHex(byte)}`).join(''),
    bytes.map(byte => `\\x${toHex(byte)}`).join(''),
    char
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
    `\\U${hex.padStart(8, '0')}`,
    ...(point < 256 ? [`\\x${toHex(point)}`, `%${toHex(point)}`] : []),
    `\\u{${hex}}`,
    `&#x${hex};`,
  ]
  return [
    ...spelt,
    ...spelt.map(text => text.replace(/[\da-f]/g, digit => digit.toUpperCase())),
    bytes.map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
    `&#${point};`,
    `&#0${point};`,
    ...(QUOTED[char] ?? []),
  ]
}

const QUOTED: Readonly<Record<string, readonly string[]>> = {
  ' ': ['+'],
  "'": ["'\\''", `'"'"'`, "''", '&apos;'],
  '"': ['""', '&quot;', '&#34;'],
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '\n': ['\\n', '\r\n', '\\r\\n', '%0D%0A', '%0d%0a', "'$'\\n''"],
  '\r': ['\\r', "'$'\\r''"],
  '\t': ['\\t', "'$'\\t''"],
  '\b': ['\\b'],
  '\f': ['\\f'],
  '\v': ['\\v'],
  '\x07': ['\\a'],
  '\x1b': ['\\e', '\\E'],
}

/** The part of a base64 text that depends on the secret alone, when it stands `offset` bytes behind a multiple of three. */
function spellBase64(bytes: Buffer, offset: number): Spelling {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const alone = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
  const letters = alone.split('').map(char => makeLetter(BASE64[char] ?? [char]))
  return { letters, gap: LINES, backslashes: false }
}

const BASE64: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', '-', '%2B', '%2b'],
  '/': ['/', '_', '\\/', '%2F', '%2f'],
}

function spellHex(bytes: Buffer): Spelling {
  const letters = [...bytes].map(byte => makeLetter([toHex(byte), toHex(byte).toUpperCase()]))
  return { letters, gap: SEPARATORS, backslashes: false }
}

function makeLetter(all: readonly string[]): Letter {
  const texts = [...new Set(all)]
  const alone = texts.find(text => text.length === 1 && texts.every(other => other === text || !other.startsWith(text)))
  return {
    texts,
    alone: alone?.charCodeAt(0) ?? -1,
    starts: [...new Set(texts.map(text => text.charAt(0)))].join(''),
  }
}

function toHex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
