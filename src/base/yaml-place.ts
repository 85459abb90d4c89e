import { type Document, isMap, isNode, isScalar, type Node } from 'yaml'
import type * as z from 'zod/mini'

/** Where the value at a path, or the nearest one above it, begins in a YAML text: its offset. */
export function findYamlOffset(document: Document<Node>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
  }
  return 0
}

/** Where a mistake that a schema found begins: an unknown key at the key itself, every other mistake at its value. */
export function findIssueOffset(document: Document<Node>, issue: z.core.$ZodIssue): number {
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const map = issue.path.length === 0 ? document.contents : document.getIn(issue.path, true)
  const found = isMap(map) ? map.items.find(pair => isScalar(pair.key) && pair.key.value === key)?.key : undefined
  return (isNode(found) ? found.range?.[0] : undefined) ?? findYamlOffset(document, issue.path)
}
