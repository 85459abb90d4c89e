import { createColors, isColorSupported } from 'picocolors'
import { formatPlace, type Problem } from '../base/index.ts'
import { countProblems } from './problems-reports.ts'
import { wrapText } from './wrap-text.ts'

/** What the text needs beside the problems. */
export interface ProblemsTextOptions {
  /** The text of a file, for the code frame; without it there is none. */
  readonly readText: (file: string) => string | undefined
  /** How many pages were checked; 0 when it did not come to that. */
  readonly pages: number
  /** How many more problems are waived. */
  readonly waived?: number
  /** Whether to colour; when not said, what `NO_COLOR` and the terminal want. */
  readonly color?: boolean
}

const WIDTH = 80
/** How often the same is explained; after that, only where it is said again, and of another warning of its rule the message, too. */
const EXPLAINED = 3

/** Problems for people, 80 columns wide: place, rule, message, the lines around it, what was expected and found, and a hint. */
export function formatProblemsText(problems: readonly Problem[], options: ProblemsTextOptions): string {
  const { readText, color = isColorSupported } = options
  const paint = createColors(color)
  const told = new Map<string, number>()
  const entries = problems.map((problem, index) => {
    const { severity, rule, message, expected, found, hint } = problem
    const sign = severity === 'error' ? paint.red('error') : paint.yellow('warning')
    const place = `${paint.bold(formatPlace(problem))} ${sign} ${paint.dim(rule)}`
    const count = (...key: readonly unknown[]) => {
      const times = (told.get(JSON.stringify(key)) ?? 0) + 1
      told.set(JSON.stringify(key), times)
      return times
    }
    const end = index === problems.length - 1 ? '\n' : ''
    const ofRule = count(severity, rule)
    if (count(severity, rule, message, expected, found, hint) > EXPLAINED) return `${place}${end}`
    const lines = wrapText(message, WIDTH - 2).map(line => `  ${line}`)
    if (severity === 'warning' && ofRule > EXPLAINED) return `${[place, ...lines].join('\n')}${end}`
    const text = readText(problem.file)
    const details = [
      expected === undefined ? [] : label('expected', expected),
      found === undefined ? [] : label('found', found),
      hint === undefined ? [] : label('hint', hint),
    ].flat()
    return [
      place,
      ...lines,
      ...(text === undefined ? [] : drawCodeFrame(text, problem, WIDTH - 2).map(line => `  ${paint.dim(line)}`)),
      ...details.map(([name, line]) => `  ${paint.cyan(name.padEnd(8))} ${line}`),
      '',
    ].join('\n')
  })
  const rules = [...new Set(problems.map(({ rule }) => rule))]
  const [rule = 'RULE', ...others] = rules
  const more = `More: handbook check --explain ${others.length === 0 ? rule : 'RULE'}`
  return [...entries, summarize(problems, options, paint), ...(rules.length === 0 ? [] : [paint.dim(more)]), ''].join(
    '\n',
  )
}

function label(name: string, text: string): [string, string][] {
  return wrapText(text, WIDTH - 11).map((line, index) => [index === 0 ? name : '', line])
}

function summarize(
  problems: readonly Problem[],
  { pages, waived = 0 }: ProblemsTextOptions,
  paint: ReturnType<typeof createColors>,
): string {
  const text = countProblems(problems, pages, waived)
  if (problems.length === 0) return pages === 0 ? paint.yellow(`? ${text}`) : paint.green(`✓ ${text}`)
  return problems.some(({ severity }) => severity === 'error') ? paint.red(`✗ ${text}`) : paint.yellow(`! ${text}`)
}

/** A place in a text, counted from 1; columns in UTF-16 code units. */
interface Place {
  readonly line: number
  readonly column: number
}

const AROUND = 1
const SEGMENTER = new Intl.Segmenter()
const WIDE =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u

/** The line at a place, the ones next to it, and a caret below the column. Longer lines are cut to the width around the caret. */
function drawCodeFrame(text: string, { line, column }: Place, width: number): string[] {
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
