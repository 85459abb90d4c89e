import type GithubSlugger from 'github-slugger'
import type { Heading as HeadingNode } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import type { Heading } from './model.ts'

const COMMENT = /^(?:<!--|\{?\/\*)\s*#([\w-]+)\s*(?:-->|\*\/\}?)$/
const BRACES = /\s*\{#([\w-]+)\}\s*$/

/** A heading's title and id: given as `<!-- #id -->`, `{#id}` or, in MDX, `{/* #id *\/}`; else slugged from its text. */
export function readHeading(node: HeadingNode, slugger: GithubSlugger): Omit<Heading, 'below'> {
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
  return { depth: node.depth, title, id: given ?? slugger.slug(hasWord(title) ? title : spell(title)), line, column }
}

function hasWord(title: string): boolean {
  return /[\p{L}\p{N}]/u.test(title)
}

/** Spells signs without a letter by their Unicode numbers, so the id stays the same when the heading moves. */
function spell(title: string): string {
  const signs = [...title.replace(/\s|\u200d|\ufe0f/g, '')].slice(0, 8)
  return signs.length === 0 ? 'untitled' : `u${signs.map(sign => sign.codePointAt(0)?.toString(16)).join('-')}`
}
