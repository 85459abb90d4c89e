import type { Root } from 'mdast'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkMdx from 'remark-mdx'
import remarkParse from 'remark-parse'
import { unified } from 'unified'

const markdown = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(remarkGfm).freeze()
const mdx = unified().use(remarkParse).use(remarkFrontmatter, ['yaml']).use(remarkGfm).use(remarkMdx).freeze()

/** The syntax tree of a page: `.md` is CommonMark with GitHub's tables, `.mdx` is MDX. Throws a `VFileMessage` on broken MDX. */
export function readMarkdown(text: string, path: string): Root {
  return (path.endsWith('.mdx') ? mdx : markdown).parse(text)
}
