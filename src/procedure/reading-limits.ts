import type { Place } from './model.ts'

/** The characters that a page may have, and how many of them may be outside fences: several times the longest runbook that anybody has. */
const LONGEST_PAGE = 1024 * 1024
const LONGEST_PROSE = 256 * 1024

/**
 * How many lines a page may have. Some lines begin a paragraph, a heading, an item, a fence or a row of a table. Such a line costs the
 * parser three times as much as another line, however short it is. Reading 17,000 of them takes more than a second.
 */
const MOST_LINES = 15_000
const BEGINNING = 3
const MANY_LINES = 'The page has too many lines'

/**
 * How many brackets one paragraph may have, and how many stars, underscores and tildes at the edge of a word. The parser compares each with
 * those before it. So ten times as many take a hundred times as long: 8,000 take 18 s.
 */
const MOST_MARKS = 1_000
/** The beginnings of something that is searched up to the paragraph's end (a code span, a comment), times the paragraph's characters. */
const LONGEST_SEARCH = 20_000_000
/** Lists, quotes and underlined headings that end, times the page's lines. At each end, the parser processes everything before it again. */
const MOST_ENDINGS = 1_500_000

/**
 * The beginning of a block of HTML. The parser takes such a block without changes, up to the next empty line. An API's reference may have a
 * megabyte of it.
 */
const HTML =
  /^(\s*)<\/?(?:p|div|h[1-6]|table|thead|tbody|tr|th|td|ul|ol|li|dl|dt|dd|details|summary|section)(?:[\s>]|\/>|$)/i
/** How much cheaper it is, by its characters and by its lines. */
const HTML_SHARE = 0.25

/** Other white space is text to Markdown. */
const BLANK = /^[ \t]*$/
const FENCE = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}(?!.*`)|~{3,})/
const HEADING = /^\s*#{1,6}(?:\s|$)/
const LIST_ITEM = /^[\s>]*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const UNDERLINE = /^[\s>]*(?:=+|-+)\s*$/
const TABLE_RULE = /^[\s>]*\|?\s*:?-+:?\s*(?:\|[\s|:-]*)$/
const DEFINITION = /^[\s>]*\[(?!\^)[^\]]+\]:\s*\S+\s*$/
const FOOTNOTE = /^[\s>]*\[\^[^\]\s]+\]:/
const MARK = /(?<!\w)_+|_+(?!\w)|\*+|~+|[[\]]/g
/** The characters that may begin an entity, an escape or a tag. Each costs the parser as much as a line. */
const TRIAL = /[&\\<]/g
const SEARCH = /`+|<[!?]/g

/** The part of a page that the Markdown parser could not read in about a second, and its place; found without parsing. */
export function findTooMuch(text: string): (Place & { readonly what: string }) | undefined {
  const lines = text.split(/\r\n|\r|\n/)
  if (text.length > LONGEST_PAGE) {
    const place = { line: text.slice(0, LONGEST_PAGE).split(/\r\n|\r|\n/).length, column: 1 }
    return { ...place, what: 'The page is longer than 1 MiB' }
  }
  let paragraph = openParagraph()
  let fence: string | undefined
  let depth = 0
  let endings = 0
  let quoted = false
  let prose = 0
  let html = false
  let work = 0
  for (const [index, line] of lines.entries()) {
    const found = (what: string) => ({ line: index + 1, column: 1, what })
    if (fence !== undefined) {
      if (closes(line, fence)) fence = undefined
      if (++work > MOST_LINES) return found(MANY_LINES)
      continue
    }
    html = !BLANK.test(line) && (html || startsHtml(line, paragraph))
    prose += (line.length + 1) * (html ? HTML_SHARE : 1)
    if (prose > LONGEST_PROSE) return found('The page has more than 256 KiB of prose')
    if (BLANK.test(line)) {
      paragraph = openParagraph()
      // A quote ends here, whatever follows; a list may go on.
      if (quoted) endings++
      if (quoted) depth = 0
      quoted = false
      continue
    }
    quoted = /^\s*>/.test(line)
    fence = FENCE.exec(line)?.[1]
    if (fence !== undefined) {
      paragraph = openParagraph()
      work += BEGINNING
      continue
    }
    const now = nesting(line, depth)
    if (now < depth || (paragraph.lines > 0 && UNDERLINE.test(line))) endings++
    depth = now
    if (endings * lines.length > MOST_ENDINGS)
      return found('The page has too many lists, quotes and underlined headings')
    if (startsAnew(line, paragraph)) paragraph = openParagraph(paragraph.table)
    addLine(paragraph, line)
    const beginning = paragraph.lines === 1 || HEADING.test(line)
    work += (beginning ? BEGINNING : 1) * (html ? HTML_SHARE : 1) + (html ? 0 : (line.match(TRIAL)?.length ?? 0))
    if (work > MOST_LINES) return found(MANY_LINES)
    if (paragraph.marks > MOST_MARKS) return found('One paragraph has too many brackets, stars, underscores and tildes')
    if (paragraph.searches.size * paragraph.length > LONGEST_SEARCH)
      return found('One paragraph has too many backticks or comments that nothing closes')
  }
  return undefined
}

/** Whether a line ends a fence: it has at least as many marks, and nothing behind them. */
function closes(line: string, fence: string): boolean {
  const marks = line.replace(/^[\s>]+/, '').trimEnd()
  return marks.length >= fence.length && marks === fence.charAt(0).repeat(marks.length)
}

/** If a tag is indented far enough, it continues the paragraph above it. */
function startsHtml(line: string, { lines }: Paragraph): boolean {
  const indent = HTML.exec(line)?.[1]?.length
  return indent !== undefined && (indent < 4 || lines === 0)
}

interface Paragraph {
  lines: number
  length: number
  marks: number
  /** Backticks by how many they are, for those of one length find each other; every comment. */
  readonly searches: Set<string>
  list: boolean
  table: boolean
  defined: boolean
}

function openParagraph(table = false): Paragraph {
  return { lines: 0, length: 0, marks: 0, searches: new Set(), list: false, table, defined: false }
}

/**
 * A row of a table stands alone, and so do a footnote and an item of a list. A number begins an item only where there is already a list.
 */
function startsAnew(line: string, { lines, list, table }: Paragraph): boolean {
  return table || FOOTNOTE.test(line) || (LIST_ITEM.test(line) && (list || lines === 0 || !/^[\s>]*\d/.test(line)))
}

function addLine(paragraph: Paragraph, line: string): void {
  const before = paragraph.lines
  paragraph.lines++
  paragraph.length += line.length + 1
  paragraph.list ||= LIST_ITEM.test(line)
  paragraph.table ||= before === 1 && TABLE_RULE.test(line)
  const definition = DEFINITION.test(line)
  // Definitions are cheaper, and there may be a page's worth of them.
  paragraph.marks += definition ? 0.5 : (line.match(MARK)?.length ?? 0)
  // This line may be the title of the link that the line above defines.
  if (paragraph.defined && /^\s*["'(]/.test(line)) paragraph.marks++
  paragraph.defined = definition
  for (const [mark] of line.matchAll(SEARCH)) {
    paragraph.searches.add(mark.startsWith('`') ? mark : `${mark}${paragraph.searches.size}`)
  }
}

/** How deep a line stands, for one that is no item of a list only as far as it may leave what it stood in. */
function nesting(line: string, before: number): number {
  const indent = line.search(/\S/)
  const quotes = /^[\s>]*/.exec(line)?.[0].split('>').length ?? 1
  if (quotes > 1 || LIST_ITEM.test(line)) return indent + quotes
  return indent === 0 ? 0 : Math.min(before, indent)
}

/** Authors do not nest lists and quotes this deep. Parsers need seconds for it, or minutes. */
export const DEEPEST_NESTING = 50

const MARKER = /[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$))/y
const THEMATIC_BREAK = /^[ \t]*([-*_])(?:[ \t]*\1)+[ \t]*$/

/** The first line on which lists and quotes are nested too deep, as far as can be told without parsing. */
export function findDeepNesting(text: string): Place | undefined {
  const indents: number[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const markers = countMarkers(line)
    if (markers === 0) continue
    const indent = line.search(/\S/)
    while ((indents.at(-1) ?? -1) >= indent) indents.pop()
    indents.push(indent)
    if (indents.length - 1 + markers > DEEPEST_NESTING) return { line: index + 1, column: indent + 1 }
  }
  return undefined
}

function countMarkers(line: string): number {
  if (THEMATIC_BREAK.test(line)) return 0
  let count = 0
  MARKER.lastIndex = 0
  while (MARKER.test(line)) count++
  return count
}
