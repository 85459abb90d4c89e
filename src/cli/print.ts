import type { WriteStream } from 'node:tty'
import pc from 'picocolors'
import { createScreen } from '../base/index.ts'

/** Colours for `print` and `complain`: both leave them out where their stream shows none. */
export const paint = pc.createColors(true)

/**
 * Prints text for people on stdout. It may contain foreign text, such as names, output, reasons and blocks: nothing in it controls the
 * terminal. Data for scripts is not printed with this, but written to stdout as it is.
 */
export const print = createScreen(text => void process.stdout.write(text), showsColors(process.stdout, process.env))

/** Prints text for people on stderr: errors, warnings, progress. It may contain foreign text, too. */
export const complain = createScreen(text => void process.stderr.write(text), showsColors(process.stderr, process.env))

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
