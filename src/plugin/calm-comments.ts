import type { Root } from 'mdast'
import { listNodes } from '../procedure/index.ts'

/** What HTML takes for a comment, also one that is never closed. */
const COMMENT = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*(?:>|$)/g

/**
 * Keeps HTML comments from ending early. The site's bundler writes them into JavaScript as they are, where the end of a JavaScript
 * comment, an asterisk and a slash as in a glob of paths, breaks the whole build. Nobody sees a comment, so a space within does no harm.
 */
export function calmComments(tree: Root): void {
  for (const node of listNodes(tree)) {
    if (node.type === 'html') node.value = node.value.replace(COMMENT, comment => comment.replaceAll('*/', '* /'))
  }
}
