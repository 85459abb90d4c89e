import type { Heading } from 'mdast'

const COMMENT = /^(?:<!--|\/\*)\s*#[\w-]+\s*(?:-->|\*\/)$/
const BRACES = /\s*\{#[\w-]+\}\s*$/

/** Gives a heading its id, and takes out of its text what its author wrote to give it: `<!-- #id -->`, `{#id}`, `{/* #id *\/}`. */
export function markHeading(node: Heading, id: string): void {
  node.children = node.children.filter(
    child => !((child.type === 'html' || child.type === 'mdxTextExpression') && COMMENT.test(child.value.trim())),
  )
  const last = node.children.at(-1)
  if (last?.type === 'text') last.value = last.value.replace(BRACES, '').trimEnd()
  node.data = { ...node.data, hProperties: { ...node.data?.hProperties, id } }
}
