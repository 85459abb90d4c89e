import type { Nodes, Root } from 'mdast'
import { listNodes, type Place } from '../../procedure/index.ts'
import { type CodeMark, listCodeMarks } from './code-marks.ts'

/** A comment that names a quantity, behind its value: `15 minutes<!-- =next-word -->`. */
export interface Mark extends Place {
  readonly id: string
  /** Where the mark begins in the page's text. */
  readonly offset: number
}

/** The marks of a page: in what it says, and in its blocks. */
export interface Marks {
  readonly said: readonly Mark[]
  readonly coded: readonly CodeMark[]
}

/** A number with its unit in a page's prose. */
export interface PlainNumber extends Place {
  readonly text: string
}

const MARK = /^(?:<!--|\/\*)\s*=([\w-]+)\s*(?:-->|\*\/)$/
const REGION = /^<!--\s*(\/?)generated\b/
const WORDS =
  '(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|a hundred|a dozen)'
const SPELT =
  '(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|per ?cent|[kKMGT]i?B|(?:kilo|mega|giga|tera)bytes?)'
const SHORT = '(?:ms|s|min|h|d|%)'
/** A number with a unit of time, of bytes, or a share; in digits or in words. */
export const NUMBER = new RegExp(
  [
    `\\d[\\d.,]*\\s?(?:${SPELT}|${SHORT})(?![\\w-])`,
    '\\b(?:half an|(?:a )?quarter of an|three quarters of an|an)\\shour\\b',
    '\\bhalf a (?:second|minute|day|week|month|year)\\b',
    `\\b${WORDS}\\s${SPELT}\\b`,
  ].join('|'),
  'i',
)
/** What somebody says. */
const QUOTE = /[“"][^”"]*[”"]/g

/** Whether a text may have a mark, in prose or in code: a quick look before the page is read. */
export function hasMarks(text: string): boolean {
  return /(?:<!--|\/\*|#)\s*=\w/.test(text)
}

/** The marks of a page. Most pages have none. */
export function listMarks(tree: Root, text: string): Marks {
  return hasMarks(text) ? { said: listSaid(tree), coded: listCodeMarks(tree, text) } : { said: [], coded: [] }
}

function listSaid(tree: Root): readonly Mark[] {
  return listNodes(tree).flatMap(node => {
    const id = readMark(node)
    const { line, column, offset } = node.position?.start ?? {}
    return id === undefined || line === undefined || column === undefined || offset === undefined
      ? []
      : [{ id, line, column, offset }]
  })
}

/**
 * The numbers with a unit in what a page says that no mark follows: in its prose, its title and description, and its diagrams. Headings, other
 * code and generated parts are left out.
 */
export function listPlainNumbers(tree: Root, text: string): readonly PlainNumber[] {
  const nodes = [...listNodes(tree)]
  const headings = new Set(nodes.flatMap(node => (node.type === 'heading' ? [...listNodes(node)] : [])))
  let generated = false
  return nodes.flatMap((node, at) => {
    const region = node.type === 'html' ? REGION.exec(node.value) : undefined
    if (region) generated = region[1] === ''
    const { offset: start } = node.position?.start ?? {}
    const { offset: end } = node.position?.end ?? {}
    if (!isSaid(node) || generated || headings.has(node) || start === undefined || end === undefined) return []
    const whole = text.slice(start, end)
    // The other lines of front matter are settings.
    const source =
      node.type === 'yaml' ? whole.replace(/^(?!(?:title|description):).*$/gm, blank) : whole.replace(QUOTE, blank)
    const next = nodes[at + 1]
    const isMarked = next !== undefined && readMark(next) !== undefined
    return [...source.matchAll(new RegExp(NUMBER, 'gi'))].flatMap(({ 0: found, index }) =>
      isMarked && index + found.length === source.length
        ? []
        : [{ text: found.replace(/\s+/, ' '), ...placeAt(text, start + index) }],
    )
  })
}

function isSaid(node: Nodes): boolean {
  return node.type === 'text' || node.type === 'yaml' || (node.type === 'code' && node.lang === 'mermaid')
}

function blank(text: string): string {
  return ' '.repeat(text.length)
}

/** The id that a comment names, in Markdown or in MDX. */
function readMark(node: Nodes): string | undefined {
  if (node.type === 'html') return MARK.exec(node.value.trim())?.[1]
  return 'value' in node && /^mdx(?:Text|Flow)Expression$/.test(node.type)
    ? MARK.exec(String(node.value).trim())?.[1]
    : undefined
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
