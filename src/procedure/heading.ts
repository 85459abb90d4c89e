import type GithubSlugger from 'github-slugger'
import type { Heading as HeadingNode } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import type { Heading } from './model.ts'

const COMMENT = /^(?:<!--|\{?\/\*)\s*#([\w-]+)\s*(?:-->|\*\/\}?)$/
const BRACES = /\s*\{#([\w-]+)\}\s*$/

/** A heading's title and id: given as `<!-- #id -->`, `{#id}` or, in MDX, `{/* #id *\/}`; else slugged from its text. */
export function readHeading(node: HeadingNode, slugger: GithubSlugger): Heading {
  let given: string | undefined
  const visible = node.children.filter(child => {
    const text = child.type === 'html' || child.type === 'mdxTextExpression' ? child.value.trim() : ''
    given ??= COMMENT.exec(text)?.[1]
    return !COMMENT.test(text)
  })
  const text = toText({ ...node, children: visible }, { includeHtml: false }).trim()
  given ??= BRACES.exec(text)?.[1]
  const title = text.replace(BRACES, '').trim()
  const { line, column } = node.position?.start ?? { line: 1, column: 1 }
  return { depth: node.depth, title, id: given ?? slugger.slug(title), line, column }
}
