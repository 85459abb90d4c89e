import type { RootContent } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'

/** The words between the heading at a place and the next one. Cells and items are words of their own; code and HTML are left out. */
export function sayBelow(nodes: readonly RootContent[], at: number): string {
  const next = nodes.findIndex((node, index) => index > at && node.type === 'heading')
  return nodes
    .slice(at + 1, next === -1 ? nodes.length : next)
    .flatMap(node => (node.type === 'code' || node.type === 'html' ? [] : sayBlock(node)))
    .join(' ')
}

function sayBlock(node: RootContent): string {
  return 'children' in node && node.type !== 'paragraph'
    ? node.children.map(sayBlock).join(' ')
    : toText(node, { includeHtml: false })
}
