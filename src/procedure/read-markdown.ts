import type { Root } from 'mdast'
import { remark } from 'remark'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'

const markdown = remark().use(remarkFrontmatter, ['yaml']).use(remarkGfm).freeze()
let mdx: typeof markdown | undefined

/** The syntax tree of a page: `.md` is CommonMark with GitHub's tables, `.mdx` is MDX. Throws a `VFileMessage` on broken MDX. */
export function readMarkdown(text: string, path: string): Root {
  return (path.endsWith('.mdx') ? loadMdx() : markdown).parse(text)
}

/** MDX brings a JavaScript parser: 30 ms that a runbook in plain Markdown need not pay. */
function loadMdx(): typeof markdown {
  const { default: remarkMdx }: typeof import('remark-mdx') = require('remark-mdx')
  mdx ??= markdown().use(remarkMdx).freeze()
  return mdx
}
