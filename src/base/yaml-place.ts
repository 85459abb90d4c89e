import type { Document, Node } from 'yaml'

/** Where the value at a path, or the nearest one above it, begins in a YAML text: its offset. */
export function findYamlOffset(document: Document<Node>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
  }
  return 0
}
