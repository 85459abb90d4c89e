import type { Root } from 'mdast'
import { listNodes, type Place } from '../../procedure/index.ts'

/**
 * A comment in a block that names the quantity before it: `0.05 /* =ID *\/` in ts, and `# =ID` at the end of a line in bash. In front matter
 * `# =ID` stands behind a parameter, and names its default.
 */
export interface CodeMark extends Place {
  readonly id: string
  /** The number that stands before the mark, and where in the page's text; undefined when none does. */
  readonly number: MarkedNumber | undefined
}

/** The number right before a mark, and where it begins and ends in the text of the page. */
export interface MarkedNumber {
  readonly value: number
  readonly from: number
  readonly to: number
  /** A parameter's default without a unit: its description says in what it counts. */
  readonly counts?: boolean
}

const MARKS: Readonly<Record<string, RegExp>> = {
  ts: /\/\*\s*=([\w-]+)\s*\*\//g,
  bash: /#\s*=([\w-]+)\s*$/g,
  yaml: /#\s*=([\w-]+)\s*$/g,
}
// In ts the number stands just before the mark. In bash it is the last one on the line, for a comment ends the line.
const NUMBERS: Readonly<Record<string, RegExp>> = {
  ts: /(\d[\d.]*(?:\s*\*\s*\d[\d.]*)*)\s*$/,
  bash: /(?<![\w.])(\d[\d.]*(?:\s*\*\s*\d[\d.]*)*)(?![\w.])\D*$/,
  yaml: /(?<=\bdefault:\s*)(\d[\w.]*)/,
}

/** The marks in the ts and bash blocks of a page, and in its front matter. */
export function listCodeMarks(tree: Root, text: string): readonly CodeMark[] {
  return listNodes(tree).flatMap(node => {
    const { line: fence, offset: start } = node.position?.start ?? {}
    // A yaml block on a page is only shown.
    const language = node.type === 'code' ? (node.lang ?? '').replace('yaml', '') : node.type
    const [marks, number] = [MARKS[language], NUMBERS[language]]
    if (!(marks && number) || fence === undefined || start === undefined) return []
    let from = start
    return text
      .slice(start, node.position?.end.offset)
      .split('\n')
      .flatMap((source, at) => {
        const offset = from
        from += source.length + 1
        return [...source.matchAll(marks)].map(({ 1: id = '', index }): CodeMark => {
          const found = number.exec(source.slice(0, index))
          const where = offset + (found?.index ?? 0)
          const place = { line: fence + at, column: index + 1 }
          if (!found?.[1]) return { id, ...place, number: undefined }
          const span = { from: where, to: where + found[1].length }
          return {
            id,
            ...place,
            number: { ...(language === 'yaml' ? readDefault(found[1]) : readProduct(found[1])), ...span },
          }
        })
      })
  })
}

function readProduct(text: string) {
  return { value: text.split('*').reduce((product, factor) => product * Number(factor), 1) }
}

function readDefault(text: string) {
  return { value: readCodeValue(text) ?? Number(text), counts: /^[\d.]+$/.test(text) }
}

/** Whether a number in code is the value of a quantity; one that only counts may count in seconds, minutes, hours or days. */
export function isCodeValue({ value, counts = false }: MarkedNumber, expected: number): boolean {
  return (counts ? [1, 60, 3600, 86_400] : [1]).some(unit => value * unit === expected)
}

const UNITS: Readonly<Record<string, number>> = {
  '%': 0.01,
  ms: 0.001,
  s: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}

/**
 * A value as it stands in code: a share of 1, seconds, bytes or a count. `5 %` is 0.05, `an hour` is 3600, and `3 starts` is 3. Beside a whole
 * number, such as 5, a share counts in percent. Undefined for other values.
 */
export function readCodeValue(value: string, beside = 0): number | undefined {
  const [, amount = '', name = ''] = /^(an?|\d[\d.]*)\s*(ms|[A-Za-z]+?|%)s?$/.exec(value) ?? []
  const isCount = /^\d+ [a-z]+$/.test(value) && !/^(?:month|year|decade)$/.test(name)
  const unit = name === '%' && beside >= 1 ? 1 : (UNITS[name] ?? (isCount ? 1 : undefined))
  if (unit === undefined) return undefined
  // The nearest number with few digits: 0.1 % is 0.001, and not 0.001 and a remainder.
  return Number(((amount.startsWith('a') ? 1 : Number(amount)) * unit).toPrecision(12))
}
