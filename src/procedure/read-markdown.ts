import type { Root } from 'mdast'
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmFootnote } from 'micromark-extension-gfm-footnote'
import { gfmTable } from 'micromark-extension-gfm-table'
import { remark } from 'remark'
import remarkFrontmatter from 'remark-frontmatter'

/**
 * CommonMark with the two additions of GitHub that change the blocks of a page: tables and footnotes. Bare addresses as links, and
 * struck-out text, would take a third more time. They change nothing in a procedure.
 */
const markdown = remark()
  .data('micromarkExtensions', [gfmTable(), gfmFootnote()])
  .data('fromMarkdownExtensions', [gfmTableFromMarkdown(), gfmFootnoteFromMarkdown()])
  .use(remarkFrontmatter, ['yaml'])
  .freeze()
let mdx: typeof markdown | undefined

/** The syntax tree of a page: `.md` is CommonMark with GitHub's tables, `.mdx` is MDX. Throws a `VFileMessage` on broken MDX. */
export function readMarkdown(text: string, path: string): Root {
  return (path.endsWith('.mdx') ? loadMdx() : markdown).parse(text)
}

/** MDX needs a JavaScript parser. It takes 30 ms, which a runbook in plain Markdown need not spend. */
function loadMdx(): typeof markdown {
  const { default: remarkMdx }: typeof import('remark-mdx') = require('remark-mdx')
  mdx ??= markdown().use(remarkMdx).freeze()
  return mdx
}
