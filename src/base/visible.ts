/** The escape sequence for colours and other ways to show text: SGR. */
const SGR = String.raw`\u001b\[[0-9;:]*m`
/** Characters that control a terminal, or reorder or hide text: controls except tab and end of line, and invisible format characters. */
const HIDDEN = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`
const SPECIAL = new RegExp(`(${SGR})|\\r\\n|${HIDDEN}`, 'gu')
/** Joins emoji to one, as 👩‍🚒; anywhere else it is invisible. */
const JOINER = '\u200d'

/** Matches text of which something is seen: not only spaces, and characters that nobody sees. */
export const LEGIBLE = /[^\s\p{C}]/u

/**
 * Makes foreign text safe to show. Colours stay when `colors` is set. Everything else that controls a terminal, or hides
 * or reorders text, is written as `\x1b` or `\u{202e}`. A line that would be overwritten stays, with a `\r` in it.
 */
export function makeVisible(text: string, colors = false): string {
  return text.replace(SPECIAL, (found, color: string | undefined, at: number) => {
    if (color !== undefined && listCodes(color).includes(CONCEAL)) return `${spell('\u001b')}${color.slice(1)}`
    if (color !== undefined) return colors ? color : ''
    if (found === '\n' || found === '\t') return found
    if (found === '\r\n') return '\n'
    if (found === JOINER && joinsEmoji(text, at)) return found
    return spell(found)
  })
}

const UNSAFE = new RegExp(HIDDEN, 'gu')

/** A value as JSON in which nothing controls a terminal, or hides or reorders text: such characters are escaped, and read as the same. */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE, found =>
    found === '\n' ? found : [...found].flatMap(char => char.split('').map(escapeUnit)).join(''),
  )
}

/** A UTF-16 unit as JSON may write it. */
function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function joinsEmoji(text: string, at: number): boolean {
  const before = /\p{Extended_Pictographic}\ufe0f?[\u{1f3fb}-\u{1f3ff}]?$/u
  return before.test(text.slice(0, at)) && /^\p{Extended_Pictographic}/u.test(text.slice(at + 1))
}

/** The code that makes text invisible. */
const CONCEAL = 8

/** The codes of an SGR sequence, without the numbers that belong to a colour. */
function listCodes(sequence: string): readonly number[] {
  const parts = sequence.slice(2, -1).split(';')
  const codes: number[] = []
  for (let at = 0; at < parts.length; at++) {
    const code = Number(parts[at]?.split(':')[0])
    codes.push(code)
    if ([38, 48, 58].includes(code) && !parts[at]?.includes(':')) at += parts[at + 1] === '2' ? 4 : 2
  }
  return codes
}

const NAMES: Readonly<Record<string, string>> = { '\r': '\\r', '\b': '\\b', '\u0007': '\\a', '\0': '\\0' }

function spell(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return NAMES[char] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
}

/** Stands for codes that only a reset ends. */
const OTHER = -1
/** The code that ends each way to show text. */
const ENDS: readonly (readonly [end: number, begins: (code: number) => boolean])[] = [
  [22, code => code === 1 || code === 2],
  [39, code => (code >= 30 && code <= 38) || (code >= 90 && code <= 97)],
  [49, code => (code >= 40 && code <= 48) || (code >= 100 && code <= 107)],
  ...[3, 4, 7, 9].map((begin): [number, (code: number) => boolean] => [begin + 20, code => code === begin]),
]

/**
 * Returns a function that writes pieces of text for people, each made safe by `makeVisible`. A colour that was not ended
 * does not continue on the next line.
 */
export function createScreen(write: (text: string) => void, colors: boolean): (text: string) => void {
  const open = new Set<number>()
  const note = (sequence: string) => {
    for (const code of listCodes(sequence)) {
      const end = ENDS.find(([, begins]) => begins(code))?.[0]
      if (code === 0) open.clear()
      else if (end !== undefined) open.add(end)
      else if (!open.delete(code)) open.add(OTHER)
    }
  }
  const endLine = () => {
    if (open.size === 0) return '\n'
    open.clear()
    return '\u001b[0m\n'
  }
  const pattern = new RegExp(`${SGR}|\\n`, 'g')
  return text => {
    const seen = makeVisible(text, colors)
    write(
      seen.replace(pattern, found => {
        if (found === '\n') return endLine()
        note(found)
        return found
      }),
    )
  }
}
