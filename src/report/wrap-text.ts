/** The words after `handbook` that make it a command, and not a book. */
const COMMANDS =
  '(?:run|show|list|runs|doctor|check|new|alerts|drill|practise|assess|lab|audit|COMMAND|--version|--help)'
/** An argument that nobody takes for the next word of a sentence: a run's id, a path, NAME. */
const ARGUMENT = String.raw`(?=[^\s]*[\d/._A-Z-])(?!--)[^\s,;:()“”]+`
const OPTIONS = String.raw`(?: --?[a-z][\w-]*(?:[ =](?!-)[^\s,;:()“”]+)?)*`

/**
 * A command to copy, in a sentence: `handbook runs show 20261122-031502-k7f2`. It is the rest of its sentence, or ends where no argument
 * comes any more.
 */
const COMMAND = new RegExp(
  String.raw`(?:\S*\/|npx )?\bhandbook (?:runs approve [^\s,;:()“”]+ [\w-]+|(?:runs|lab|new|alerts|audit) [a-z][a-z-]*|(?:run|show|doctor|drill|list) (?!--)[\w./:-]+|${COMMANDS})\b(?: ${ARGUMENT}| [\w./-]+(?= --[a-z])){0,2}${OPTIONS}|${'`'}[^${'`'}\n]{1,70}${'`'}`,
  'g',
)

/** Lines of at most `width` columns, broken between words; a longer word keeps a line to itself, and so does a command to copy. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap(paragraph => {
    const lines: string[] = []
    let line = ''
    for (const word of splitWords(paragraph)) {
      if (line !== '' && measure(line) + 1 + measure(word) > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    return [...lines, line]
  })
}

/** What is not broken: words, and commands to copy. */
function splitWords(text: string): string[] {
  const glued = text.replace(COMMAND, command => command.replaceAll(' ', GLUE))
  return glued.split(' ').map(word => word.replaceAll(GLUE, ' '))
}

/** Stands for a space that is not broken: nobody's text has it, for it is no character. */
const GLUE = '\uffff'

/**
 * Text of whole lines, each of at most `width` columns. What is broken hangs below its first word, behind the sign that the line begins
 * with; a line in a gutter (`│`) keeps it, and there a word that is too long is broken as well.
 */
export function fitText(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap(line => (measure(line) <= width ? [line] : fitLine(line, width)))
    .join('\n')
}

const SGR = String.raw`\u001b\[[0-9;:]*m`
const COLOR = `(?:${SGR})*`
/** What a line begins with: a gutter, or a sign. */
const BEGIN = new RegExp(String.raw`^((?:${COLOR} )*)(${COLOR}([^\w\s“”"'(\[\u001b#$@/.<{-]|\d+\.)${COLOR} +)?`, 'u')

function fitLine(line: string, width: number): string[] {
  const [start = '', indent = '', sign = '', mark] = BEGIN.exec(line) ?? []
  const rest = line.slice(start.length)
  const room = Math.max(20, width - measure(start))
  if (mark === '│') return breakText(rest, room).map(part => `${start}${part}`)
  const hanging = `${' '.repeat(measure(indent))}${' '.repeat(measure(sign))}`
  return wrapText(rest, room).map((part, index) => (index === 0 ? `${start}${part}` : `${hanging}${part}`))
}

/** Foreign text of one line in lines of at most `width` columns, broken after spaces where there are any: nothing of it is lost. */
export function breakText(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (measure(rest) > width) {
    const fits = cut(rest, width)
    const space = fits.lastIndexOf(' ') + 1
    const at = space > fits.length / 3 ? space : fits.length
    lines.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return [...lines, rest]
}

/** The beginning of a text that fits in `width` columns, with the colours that stand in it: at least one character. */
function cut(text: string, width: number): string {
  let end = 0
  let columns = 0
  for (const [piece] of text.matchAll(PIECE)) {
    columns += widthOf(piece)
    if (columns > width && end > 0) break
    end += piece.length
  }
  return text.slice(0, end)
}

/** How many columns of a terminal a text takes. */
export function measure(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let columns = 0
  for (const [piece] of text.matchAll(PIECE)) columns += widthOf(piece)
  return columns
}

/** A colour, or a character. */
const PIECE = new RegExp(`${SGR}|.`, 'gsu')
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function widthOf(piece: string): number {
  if (piece.startsWith('\u001b[') || /^(?:\p{M}|\u200d)/u.test(piece)) return 0
  // What controls a terminal is written as its number.
  if (/^[\p{Cc}\p{Cf}]/u.test(piece)) return 8
  return WIDE.test(piece) ? 2 : 1
}

/** Text of one line, cut to `width` columns: an ellipsis says that there was more. */
export function shortenText(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return measure(line) <= width ? line : `${cut(line, width - 1).trimEnd()}…`
}

/** A section of a page for a terminal: its paragraphs and list items, each broken anew to fit `columns`. */
export function formatSection(title: string, markdown: string, columns = 80): string {
  const width = Math.max(40, columns - 2)
  const lines = splitBlocks(markdown).flatMap(block => {
    const [, marker = '', text = ''] = /^((?:[-*]|\d+\.) +)?(.*)$/s.exec(block) ?? []
    const hanging = ' '.repeat(marker.length)
    return wrapText(text, width - marker.length).map((line, index) => `${index === 0 ? marker : hanging}${line}`)
  })
  return `\n${title}\n${lines.map(line => `  ${line}`.trimEnd()).join('\n')}\n`
}

/** Paragraphs, list items and the empty lines between them, each on one line. */
function splitBlocks(markdown: string): string[] {
  const blocks: string[] = []
  for (const line of markdown.split('\n').map(text => text.trim())) {
    const last = blocks.at(-1)
    if (last && line && !/^(?:[-*]|\d+\.) /.test(line)) blocks[blocks.length - 1] = `${last} ${line}`
    else blocks.push(line)
  }
  return blocks
}
