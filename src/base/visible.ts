/** A colour or another way to show text, as a terminal is told of it: SGR. */
const SGR = String.raw`\u001b\[[0-9;:]*m`
/** What a terminal would obey, and what reorders or hides text: all control characters but tab and end of line, and invisible format characters. */
const HIDDEN = String.raw`[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]`
const SPECIAL = new RegExp(`(${SGR})|\\r\\n|${HIDDEN}`, 'gu')
/** Joins emoji to one, as 👩‍🚒; anywhere else it is not seen. */
const JOINER = '\u200d'

/**
 * Foreign text as it is safe to show: colours pass where they are wanted, everything else that a terminal would obey or that would hide
 * or reorder text is written out, as `\x1b` or `\u{202e}`. A line that would be written over stays, with a `\r` in it.
 */
export function makeVisible(text: string, colors = false): string {
  return text.replace(SPECIAL, (found, color: string | undefined, at: number) => {
    if (color !== undefined) return colors ? color : ''
    if (found === '\n' || found === '\t') return found
    if (found === '\r\n') return '\n'
    if (found === JOINER && /\p{Extended_Pictographic}\ufe0f?[\u{1f3fb}-\u{1f3ff}]?$/u.test(text.slice(0, at)))
      return found
    return spell(found)
  })
}

const NAMES: Readonly<Record<string, string>> = { '\r': '\\r', '\b': '\\b', '\u0007': '\\a', '\0': '\\0' }

function spell(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return NAMES[char] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
}

/** What ends each way to show text; the rest is ended by a reset. */
const ENDS: readonly (readonly [end: number, begins: (code: number) => boolean])[] = [
  [22, code => code === 1 || code === 2],
  [39, code => (code >= 30 && code <= 38) || (code >= 90 && code <= 97)],
  [49, code => (code >= 40 && code <= 48) || (code >= 100 && code <= 107)],
  ...[3, 4, 7, 8, 9].map((begin): [number, (code: number) => boolean] => [begin + 20, code => code === begin]),
]

/**
 * Makes what writes text, in pieces, to where people read it: each piece as `makeVisible` shows it, and no colour that was not ended
 * goes on into the next line.
 */
export function createScreen(write: (text: string) => void, colors: boolean): (text: string) => void {
  let open = new Set<number>()
  const note = (sequence: string) => {
    const codes = sequence.slice(2, -1).split(/[;:]/).map(Number)
    const [first = 0] = codes
    if (first === 0 && codes.length === 1) open = new Set()
    else if (!open.delete(first)) open.add(ENDS.find(([, begins]) => begins(first))?.[0] ?? -1)
  }
  const endLine = () => {
    if (open.size === 0) return '\n'
    open = new Set()
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
