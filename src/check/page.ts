import type { Root } from 'mdast'
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { findYamlOffset, type Problem } from '../base/index.ts'
import { type Place, type Procedure, parsePage } from '../procedure/index.ts'
import { listAnchors } from './references/list-anchors.ts'
import { listLinks, type PageLink } from './references/list-links.ts'
import { makeProblem, type RuleId } from './rules.ts'

/** What checks know of a page once it was read: plain data, which can be kept and sent. */
export interface PageData {
  readonly path: string
  readonly procedure: Procedure
  /** The YAML of the front matter, and the line above it. */
  readonly matter?: { readonly yaml: string; readonly above: number }
  readonly anchors: readonly string[]
  readonly links: readonly PageLink[]
}

/** A page as checks see it. */
export interface Page extends PageData {
  /** Where a value of the front matter stands; without one, the page's beginning. */
  placeOf(...path: readonly PropertyKey[]): Place
  /** The keys of the front matter, where they stand. */
  keys(): readonly (Place & { readonly name: string })[]
  /** A problem on this page. */
  problem(rule: RuleId, place: Place, message: string, more?: Parameters<typeof makeProblem>[4]): Problem
}

/** A page with what it was read from. */
export interface ReadPage extends Page {
  readonly text: string
  readonly tree: Root
}

/** Reads a page once for all checks. */
export function readPage(text: string, path: string): ReadPage {
  const { procedure, tree } = parsePage(text, path)
  const first = tree.children[0]
  const data = {
    path,
    procedure,
    ...(first?.type === 'yaml' ? { matter: { yaml: first.value, above: first.position?.start.line ?? 1 } } : undefined),
    anchors: listAnchors(tree, procedure),
    links: listLinks(tree),
  }
  return { ...openPage(data), text, tree }
}

/** A page from what is known of it. */
export function openPage(data: PageData): Page {
  let matter: ReturnType<typeof readMatter> | undefined
  const places = () => {
    matter ??= readMatter(data.matter)
    return matter
  }
  return {
    ...data,
    placeOf: (...keys) => places().placeOf(keys),
    keys: () => places().keys,
    problem: (rule, place, message, more) => makeProblem(rule, data.path, place, message, more),
  }
}

const TOP: Place = { line: 1, column: 1 }

function readMatter(matter: PageData['matter']): {
  placeOf(path: readonly PropertyKey[]): Place
  keys: ReturnType<Page['keys']>
} {
  if (!matter) return { placeOf: () => TOP, keys: [] }
  const counter = new LineCounter()
  const document = parseDocument(matter.yaml, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { line: matter.above + Math.max(line, 1), column: Math.max(col, 1) }
  }
  const pairs = isMap(document.contents) ? document.contents.items : []
  return {
    placeOf: path => (document.hasIn(path) ? place(findYamlOffset(document, path)) : TOP),
    keys: pairs.flatMap(({ key }) =>
      isScalar(key) ? [{ name: String(key.value), ...place(key.range?.[0] ?? 0) }] : [],
    ),
  }
}
