import type { Nodes } from 'mdast'

/** The nodes of a syntax tree in the order of the text, the first one included. A tenth of a check's time would go into `visit`. */
export function listNodes(node: Nodes): Nodes[] {
  const nodes: Nodes[] = []
  add(node, nodes)
  return nodes
}

function add(node: Nodes, nodes: Nodes[]): void {
  nodes.push(node)
  if ('children' in node) for (const child of node.children) add(child, nodes)
}
