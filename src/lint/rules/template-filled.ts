import { posix } from 'node:path'
import type { HandbookFacts } from '../facts.ts'
import { type Rule, type Violation, violation } from '../rule.ts'

/**
 * A template shows what is to be written, and a page made from it says it. A template is a fence in Markdown on a page that is called so, or
 * `postmortem`. A page is made from it when it has half of its sections.
 */
export const templateFilled: Rule = {
  id: 'template-filled',
  severity: 'error',
  summary: 'On a page made from a template, such as a postmortem, no place is left to fill in',
  hint: 'Write what belongs here, or delete the line',
  async checkReferences(page, facts) {
    const { path, procedure } = page
    if (procedure.kind !== 'page' || isTemplatePage(path) || procedure.sections.length < 3) return []
    const titles = procedure.sections.map(({ title }) => title)
    const templates = (await listTemplates(facts)).filter(
      template => template.sections.length >= 3 && share(template.sections, titles) >= 0.5,
    )
    const [template] = templates
    const text = template && (await facts.readText(path))
    return text === undefined || !template ? [] : findUnfilled(text, template)
  },
}

interface Template {
  readonly sections: readonly string[]
  readonly sentences: readonly string[]
  /** Its rows with empty cells. */
  readonly rows: readonly (readonly string[])[]
  /** The headers of tables whose rows say what is asked. */
  readonly headers: ReadonlySet<string>
  /** Lines of its front matter, such as `title: WHAT HAPPENED`. */
  readonly matter: ReadonlySet<string>
}

function isTemplatePage(path: string): boolean {
  return /^(?:.*-)?(?:postmortem|template)s?$/i.test(posix.basename(path).replace(/\.mdx?$/, ''))
}

const known = new WeakMap<HandbookFacts, Promise<readonly Template[]>>()

function listTemplates(facts: HandbookFacts): Promise<readonly Template[]> {
  const found = known.get(facts) ?? readTemplates(facts)
  known.set(facts, found)
  return found
}

async function readTemplates({ handbook, readText }: HandbookFacts): Promise<readonly Template[]> {
  const texts = await Promise.all(handbook.pages.filter(isTemplatePage).map(readText))
  return texts.flatMap(text =>
    [...(text ?? '').matchAll(/^(`{3,}|~{3,})(?:markdown|md)\b.*\n([\s\S]*?)\n\1[ \t]*$/gm)].map(
      ([, , template = '']) => {
        const pieces = readPieces(template)
        return {
          sections: [...template.matchAll(/^## +(.+?) *$/gm)].map(([, title = '']) => title),
          sentences: pieces.flatMap(({ kind, texts }) => (kind === 'prose' ? texts : [])),
          rows: pieces.flatMap(({ kind, texts }) => (kind === 'row' && texts.includes('') ? [texts] : [])),
          headers: new Set(
            pieces.flatMap(({ kind, texts, header }) => (kind === 'row' && texts.some(Boolean) ? (header ?? []) : [])),
          ),
          matter: new Set(pieces.flatMap(({ kind, texts }) => (kind === 'matter' ? texts : []))),
        }
      },
    ),
  )
}

/** A sentence, a row, a key of the front matter or an empty section of a page, with its line. */
interface Piece {
  readonly kind: 'prose' | 'row' | 'matter' | 'empty'
  readonly line: number
  readonly texts: readonly string[]
  /** The header of the row's table. */
  readonly header?: string
}

function readPieces(text: string): Piece[] {
  const lines = text.split(/\r\n|\r|\n/)
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  const pieces: Piece[] = []
  let fence: string | undefined
  let header = ''
  for (const [index, line] of lines.entries()) {
    const piece = (kind: Piece['kind'], texts: readonly string[]) =>
      pieces.push({ kind, line: index + 1, texts, header })
    if (index <= end) {
      if (/^\w+: *\S/.test(line)) piece('matter', [line.trim()])
      continue
    }
    const mark = /^ *(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined ? mark?.startsWith(fence) : mark !== undefined)
      fence = fence === undefined ? mark : undefined
    else if (fence !== undefined) continue
    else if (/^## /.test(line)) {
      const next = lines.slice(index + 1).find(other => other.trim() !== '')
      if (next === undefined || /^#{1,2} /.test(next)) piece('empty', [line.replace(/^## +/, '').trim()])
    } else if (/^\s*\|/.test(line)) {
      if (RULE.test(lines[index + 1] ?? '')) header = readCells(line).join('|').toLowerCase()
      else if (!RULE.test(line)) piece('row', readCells(line))
    } else if (/\S/.test(line) && !/^#/.test(line) && !/^\s*\|/.test(lines[index + 1] ?? '')) {
      // What stands right above a table belongs to it.
      piece('prose', splitSentences(line))
    }
  }
  return pieces
}

/** The line below a table's header. */
const RULE = /^[\s|:-]*-[\s|:-]*$/

function readCells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => cell.trim())
}

function splitSentences(line: string): string[] {
  return line
    .replace(/^\s*(?:[-*+>]|\d+\.)\s+/, '')
    .split(/(?<=[.?!])\s+/)
    .filter(sentence => sentence.trim() !== '')
}

function findUnfilled(text: string, { sections, sentences, rows, headers, matter }: Template): Violation[] {
  return readPieces(text).flatMap(({ kind, line, texts, header = '' }): Violation[] => {
    const left = (message: string, found = texts[0] ?? '') => [violation({ line, column: 1 }, message, { found })]
    switch (kind) {
      case 'matter':
        return texts.some(text => matter.has(text)) ? left('This is what the template says') : []
      case 'empty':
        return texts.some(title => sections.includes(title)) ? left(`Nothing stands under “${texts[0]}”`) : []
      case 'prose': {
        const prompt = texts.find(text => sentences.some(sentence => isLike(text, sentence)))
        return prompt === undefined ? [] : left('This is the template’s question, and no answer to it', prompt)
      }
      case 'row': {
        const open = rows.find(row => isSameRow(texts, row))
        const isOpen = open
          ? texts.some((cell, at) => cell === '' && open[at] === '')
          : headers.has(header) && texts.includes('')
        if (!isOpen) return []
        return left('A cell of this row is still empty', texts.filter(Boolean).join(', ') || 'an empty row')
      }
      default:
        return kind satisfies never
    }
  })
}

/** Whether a row of a page is one of the template: what the template says in it is still there. */
function isSameRow(cells: readonly string[], template: readonly string[]): boolean {
  if (cells.length !== template.length) return false
  const said = template.flatMap((cell, at) => (cell === '' ? [] : [at]))
  if (said.length === 0) return cells.every(cell => cell === '')
  const [label = 0] = said
  return isLike(cells[label] ?? '', template[label] ?? '')
}

/** Whether two texts have nearly the same words, as a template before and after somebody worded it better. */
function isLike(a: string, b: string): boolean {
  const [one, other] = [listWords(a), listWords(b)]
  if (Math.min(one.length, other.length) < 5) return one.join(' ') === other.join(' ') && one.length > 1
  return Math.min(share(one, other), share(other, one)) >= 0.6
}

function listWords(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]
}

/** How many of the first are among the second. */
function share(some: readonly string[], others: readonly string[]): number {
  return some.filter(one => others.includes(one)).length / Math.max(1, some.length)
}
