import type { Definition, Image, Link, Root } from 'mdast'
import { listNodes, type Place } from '../../procedure/index.ts'

/** A link of a page into the handbook or to a file of it. */
export interface PageLink extends Place {
  readonly url: string
  readonly image: boolean
}

/** The links and images of a page, also those by reference; what leads into the rest of the web is left out. */
export function listLinks(tree: Root): readonly PageLink[] {
  const nodes: (Link | Image | Definition)[] = []
  const images = new Set<string>()
  for (const node of listNodes(tree)) {
    if (node.type === 'imageReference') images.add(node.identifier)
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') nodes.push(node)
  }
  return nodes.flatMap(node => {
    if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(node.url)) return []
    const { line, column } = node.position?.start ?? { line: 1, column: 1 }
    const image = node.type === 'image' || (node.type === 'definition' && images.has(node.identifier))
    return [{ url: node.url, image, line, column }]
  })
}
