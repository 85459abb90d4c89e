import { makeVisible } from '../../../base/pure.ts'

/** A piece of a line, and how it is shown. Colours are names of the style sheet, so that each is read on its ground, day and night. */
export interface Span {
  readonly text: string
  readonly ink?: Colour
  readonly ground?: Colour
  readonly bold?: true
  readonly dim?: true
  readonly italic?: true
  readonly underlined?: true
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
type Colour = (typeof COLOURS)[number]
type Style = Omit<Span, 'text'>

/** A line that a step printed in pieces. Colours (SGR) are shown; all else that controls a terminal is written out. None lasts beyond its line. */
export function toSpans(line: string): Span[] {
  const spans: Span[] = []
  let style: Style = {}
  let at = 0
  const text = makeVisible(line, true)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours begin with
  for (const { 0: sequence, 1: codes = '', index } of text.matchAll(/\u001b\[([0-9;:]*)m/g)) {
    if (index > at) spans.push({ text: text.slice(at, index), ...style })
    style = applyCodes(style, codes)
    at = index + sequence.length
  }
  if (at < text.length) spans.push({ text: text.slice(at), ...style })
  return spans
}

function applyCodes(before: Style, codes: string): Style {
  let style = before
  const parts = codes.split(/[;:]/).map(Number)
  for (let at = 0; at < parts.length; at++) {
    const code = parts[at] ?? 0
    if (code === 38 || code === 48) {
      const colour = readColour(parts.slice(at + 1))
      at += parts[at + 1] === 2 ? 4 : 2
      if (colour) style = { ...style, [code === 38 ? 'ink' : 'ground']: colour }
    } else style = applyCode(style, code)
  }
  return style
}

function applyCode(style: Style, code: number): Style {
  const { ink, ground, bold, dim, ...rest } = style
  const colour = COLOURS[code % 10]
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underlined: true }
  if (code === 22) return { ...rest, ...(ink ? { ink } : {}), ...(ground ? { ground } : {}) }
  if (code === 39) return without(style, 'ink')
  if (code === 49) return without(style, 'ground')
  if (code === 23) return without(style, 'italic')
  if (code === 24) return without(style, 'underlined')
  if (colour && ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))) return { ...style, ink: colour }
  if (colour && ((code >= 40 && code <= 47) || (code >= 100 && code <= 107))) return { ...style, ground: colour }
  return style
}

function without(style: Style, key: keyof Style): Style {
  const { [key]: _, ...rest } = style
  return rest
}

/** One of the eight for a colour of the 256, or of red, green and blue. */
function readColour([kind, ...values]: readonly number[]): Colour | undefined {
  if (kind === 2) return nearest(values)
  const [number = 0] = values
  if (kind !== 5) return undefined
  if (number < 16) return COLOURS[number % 8]
  if (number >= 232) return number > 243 ? 'white' : 'black'
  const cube = number - 16
  return nearest([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(part => part * 51))
}

function nearest([red = 0, green = 0, blue = 0]: readonly number[]): Colour | undefined {
  const half = Math.max(red, green, blue) / 2
  if (half < 32) return 'black'
  return COLOURS[(red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0)]
}
