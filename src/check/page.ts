import type { Root } from 'mdast'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { findYamlOffset, type Problem } from '../base/index.ts'
import { type Place, type Procedure, parsePage } from '../procedure/index.ts'
import { makeProblem, type RuleId } from './rules.ts'

/** A page as checks see it. */
export interface Page {
  readonly path: string
  readonly text: string
  readonly tree: Root
  readonly procedure: Procedure
  /** Where a value of the front matter stands; without one, the page's beginning. */
  placeOf(...path: readonly PropertyKey[]): Place
  /** The keys of the front matter, where they stand. */
  keys(): readonly (Place & { readonly name: string })[]
  /** A problem on this page. */
  problem(rule: RuleId, place: Place, message: string, more?: Parameters<typeof makeProblem>[4]): Problem
}

/** Reads a page once for all checks. */
export function readPage(text: string, path: string): Page {
  const { procedure, tree } = parsePage(text, path)
  let matter: ReturnType<typeof readMatter> | undefined
  const places = () => {
    matter ??= readMatter(tree)
    return matter
  }
  return {
    path,
    text,
    tree,
    procedure,
    placeOf: (...keys) => places().placeOf(keys),
    keys: () => places().keys,
    problem: (rule, place, message, more) => makeProblem(rule, path, place, message, more),
  }
}

const TOP: Place = { line: 1, column: 1 }

function readMatter(tree: Root): { placeOf(path: readonly PropertyKey[]): Place; keys: ReturnType<Page['keys']> } {
  const first = tree.children[0]
  if (first?.type !== 'yaml') return { placeOf: () => TOP, keys: [] }
  const counter = new LineCounter()
  const document = parseDocument(first.value, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const above = first.position?.start.line ?? 1
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { line: above + Math.max(line, 1), column: Math.max(col, 1) }
  }
  const pairs = isMap(document.contents) ? document.contents.items : []
  return {
    placeOf: path => (document.hasIn(path) ? place(findYamlOffset(document, path)) : TOP),
    keys: pairs.flatMap(({ key }) =>
      isScalar(key) ? [{ name: String(key.value), ...place(key.range?.[0] ?? 0) }] : [],
    ),
  }
}
