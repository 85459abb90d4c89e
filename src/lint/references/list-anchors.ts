import GithubSlugger from 'github-slugger'
import type { Root } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { listNodes, type Procedure } from '../../procedure/index.ts'

/** Every anchor of a page: its headings, also those in lists and quotes, footnotes, and ids in raw HTML. */
export function listAnchors(tree: Root, { headings }: Procedure): readonly string[] {
  const anchors = new Set(headings.map(({ id }) => id))
  const slugger = new GithubSlugger()
  for (const node of listNodes(tree)) {
    if (node.type === 'heading') anchors.add(slugger.slug(toText(node)))
    if (node.type === 'footnoteDefinition') anchors.add(`user-content-fn-${node.identifier}`)
    if (node.type === 'html') {
      for (const [, , id = ''] of node.value.matchAll(/\b(?:id|name)=(["'])([^"']+)\1/g)) anchors.add(id)
    }
    if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') {
      for (const attribute of node.attributes) {
        if (attribute.type === 'mdxJsxAttribute' && attribute.name === 'id' && typeof attribute.value === 'string') {
          anchors.add(attribute.value)
        }
      }
    }
  }
  return [...anchors]
}
