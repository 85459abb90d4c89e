/** A place in a text, counted from 1; columns in UTF-16 code units. */
interface Place {
  readonly line: number
  readonly column: number
}

const AROUND = 1
const SEGMENTER = new Intl.Segmenter()
const WIDE =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u

/** The line at a place, the ones next to it, and a caret below the column; longer lines are cut to the width around the caret. */
export function drawCodeFrame(text: string, { line, column }: Place, width: number): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  if (line > lines.length) return []
  const first = Math.max(1, line - AROUND)
  const last = Math.min(lines.length, line + AROUND)
  const gutter = String(last).length
  const room = width - gutter - 5
  const start = findStart(lines[line - 1] ?? '', column, room)
  const frame: string[] = []
  for (let number = first; number <= last; number++) {
    const mark = number === line ? '>' : ' '
    frame.push(`${mark} ${String(number).padStart(gutter)} │ ${cut(lines[number - 1] ?? '', start, room)}`.trimEnd())
    if (number === line) {
      const before = (lines[line - 1] ?? '').slice(start, column - 1)
      const lead = start > 0 ? 1 : 0
      frame.push(`  ${' '.repeat(gutter)} │ ${' '.repeat(measure(before) + lead)}^`)
    }
  }
  return frame
}

/** Where the visible part of the lines begins, so that the column is in it. */
function findStart(line: string, column: number, room: number): number {
  if (measure(line) <= room || column - 1 <= room / 2) return 0
  return column - 1 - Math.floor(room / 2)
}

function cut(line: string, start: number, room: number): string {
  const lead = start > 0 && line.length > 0 ? '…' : ''
  const rest = printable(line.slice(start))
  let left = room - lead.length
  if (measure(rest) < left) return `${lead}${rest}`
  let shown = ''
  for (const { segment } of SEGMENTER.segment(rest)) {
    left -= measure(segment)
    if (left < 1) return `${lead}${shown}…`
    shown += segment
  }
  return `${lead}${shown}`
}

/** Tabs take one column here, and control characters none of the terminal's attention. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll('\t', ' ').replace(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD')
}

function measure(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of SEGMENTER.segment(text)) width += WIDE.test(segment) ? 2 : 1
  return width
}
