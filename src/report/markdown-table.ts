import type { PhrasingContent, Root, RootContent, TableRow } from 'mdast'
import { remark } from 'remark'
import remarkGfm from 'remark-gfm'
import { makeVisible } from '../base/index.ts'

/** What stands in a cell: words as they are, code, or a link. */
export type Cell = string | { readonly code: string } | { readonly text: string; readonly url: string }

/** A comment in GitHub's Markdown: a line in bold, and a table when it has rows. Whatever the texts hold shows as it is. */
export function writeMarkdownTable(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const bold: RootContent = {
    type: 'paragraph',
    children: [{ type: 'strong', children: [writeCell(title)] }],
  }
  const table: RootContent = { type: 'table', children: [head, ...rows].map(writeRow) }
  const tree: Root = { type: 'root', children: rows.length === 0 ? [bold] : [bold, table] }
  return remark().use(remarkGfm, { tablePipeAlign: false }).stringify(tree)
}

function writeRow(cells: readonly Cell[]): TableRow {
  return { type: 'tableRow', children: cells.map(cell => ({ type: 'tableCell', children: [writeCell(cell)] })) }
}

function writeCell(cell: Cell): PhrasingContent {
  if (typeof cell === 'string') return { type: 'text', value: onOneLine(cell) }
  if ('code' in cell) return { type: 'inlineCode', value: onOneLine(cell.code) }
  return { type: 'link', url: cell.url, children: [{ type: 'text', value: onOneLine(cell.text) }] }
}

function onOneLine(text: string): string {
  return makeVisible(text.replace(/\s+/g, ' ').trim())
}
