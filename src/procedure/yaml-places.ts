import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { findYamlOffset } from '../base/index.ts'
import type { Place } from './model.ts'

/** Front matter with the places of its values in the page. */
export interface Matter {
  readonly document: Document
  placeAt(offset: number): Place
  /** The place of a value; for a missing value, the page's beginning. */
  placeOf(path: readonly PropertyKey[]): Place
  /** The keys of the first level, with their places. */
  keys(): readonly (Place & { readonly name: string })[]
}

/** Reads front matter whose YAML begins on a line of the page; mistakes in it are in the document's `errors`. */
export function readMatter(yaml: string, firstLine: number): Matter {
  const counter = new LineCounter()
  const document: Document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset)
    return { line: firstLine - 1 + Math.max(line, 1), column: Math.max(col, 1) }
  }
  return {
    document,
    placeAt,
    placeOf: path => (document.hasIn(path) ? placeAt(findYamlOffset(document, path)) : { line: 1, column: 1 }),
    keys: () =>
      (isMap(document.contents) ? document.contents.items : []).flatMap(({ key }) =>
        isScalar(key) ? [{ name: String(key.value), ...placeAt(key.range?.[0] ?? 0) }] : [],
      ),
  }
}

/** The page's `keywords`, a key of Docusaurus. Values that are not texts are left out. */
export function readKeywords({ document }: Matter): readonly string[] {
  const list =
    document.errors.length === 0 && isMap(document.contents) ? document.contents.get('keywords', true) : undefined
  const items: readonly unknown[] = isSeq(list) ? list.items : [list]
  return items.flatMap(item => (isScalar(item) && typeof item.value === 'string' ? [item.value] : []))
}
