import type { WriteStream } from 'node:tty'
import pc from 'picocolors'
import { createScreen } from '../base/index.ts'
import { fitText } from '../report/index.ts'
import { type CalledAs, nameCall, nameCommands } from './name-command.ts'

/** Colours for `print` and `complain`: both leave them out where their stream shows none. */
export const paint = pc.createColors(true)

/**
 * Prints text for people on stdout, in lines that fit its terminal. It may contain foreign text, such as names and reasons: nothing in it
 * controls the terminal. Each command in it is written as it can be typed here. Data for scripts is not printed with this, but written to
 * stdout as it is.
 */
export const print = createPrinter(process.stdout, { names: true })

/** Prints text for people on stderr: errors, warnings, progress. It may contain foreign text, too. */
export const complain = createPrinter(process.stderr, { names: true })

/** Prints on stdout what others wrote: what steps print, and blocks. A command in it stays as it is written. */
export const printForeign = createPrinter(process.stdout, {})

/** Prints on stdout what somebody may copy: its lines stay as long as they are. */
export const printAsWritten = createPrinter(process.stdout, { fits: false })

/** How text is printed: whether commands in it are named as they can be typed, and whether long lines are broken in a terminal. */
interface Printing {
  readonly names?: boolean
  readonly fits?: boolean
}

function createPrinter(stream: WriteStream, { names = false, fits = true }: Printing): (text: string) => void {
  const screen = createScreen(text => void stream.write(text), showsColors(stream, process.env))
  return text => {
    const named = names ? nameCommands(text, callOfThis().command, sayAlias) : text
    screen(fits && stream.isTTY && stream.columns > 0 ? fitText(named, stream.columns) : named)
  }
}

let call: CalledAs | undefined

function callOfThis(): CalledAs {
  call ??= nameCall({ program: process.argv[1] ?? 'handbook', cwd: process.cwd(), env: process.env })
  return call
}

let isSaid = false

/** Says once, at the end, what makes the printed commands ones that can be typed in this terminal. */
function sayAlias(): void {
  const { alias } = callOfThis()
  if (isSaid || alias === undefined || !process.stderr.isTTY) return
  isSaid = true
  process.once('exit', () => void process.stderr.write(pc.dim(`To copy these commands here: ${alias}\n`)))
}

/** Prints our own words on stdout, with values to copy: its lines stay as long as they are. */
export const printToCopy = createPrinter(process.stdout, { names: true, fits: false })

/** Whether a stream shows colours. Source: https://no-color.org and https://force-color.org */
function showsColors(
  { isTTY }: Pick<WriteStream, 'isTTY'>,
  { NO_COLOR, FORCE_COLOR, TERM, CI }: NodeJS.ProcessEnv,
): boolean {
  return !NO_COLOR && Boolean(FORCE_COLOR || CI || (isTTY && TERM !== 'dumb'))
}

/** Markdown as it is written, with colours for headings and code. Front matter and fences are dimmed. */
export function paintMarkdown(text: string): string {
  let fence = ''
  let matter = text.startsWith('---')
  return text
    .split('\n')
    .map((line, index) => {
      if (matter) {
        if (index > 0 && line.startsWith('---')) matter = false
        return pc.dim(line)
      }
      const [, mark = ''] = /^\s*(`{3,}|~{3,})/.exec(line) ?? []
      if (fence !== '' && mark.startsWith(fence)) {
        fence = ''
        return pc.dim(line)
      }
      if (fence !== '') return pc.cyan(line)
      if (mark !== '') {
        fence = mark
        return pc.dim(line)
      }
      return /^#{1,6} /.test(line) ? pc.bold(line.replace(/\s*<!--.*-->/, comment => pc.dim(comment))) : line
    })
    .join('\n')
}

/** Markdown whose prose fits `columns`; code and tables stay as they are, to be copied. */
export function fitMarkdown(text: string, columns: number): string {
  let fence = ''
  return text
    .split('\n')
    .map(line => {
      const [, mark = ''] = /^\s*(?:[-*>] )*(`{3,}|~{3,})/.exec(line) ?? []
      if (mark !== '') fence = fence === '' ? mark : mark.startsWith(fence) ? '' : fence
      return fence !== '' || mark !== '' || /^(?:\s*\|| {4}|\t)/.test(line) ? line : fitText(line, columns)
    })
    .join('\n')
}
