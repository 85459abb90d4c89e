import type { Nodes, Root } from 'mdast'
import { fromMarkdown, type Options } from 'mdast-util-from-markdown'
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter'
import { gfmFootnoteFromMarkdown } from 'mdast-util-gfm-footnote'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { frontmatter } from 'micromark-extension-frontmatter'
import { gfmFootnote } from 'micromark-extension-gfm-footnote'
import { gfmTable } from 'micromark-extension-gfm-table'
import type { VFileMessage } from 'vfile-message'
import { findUndecoded } from './find-undecoded.ts'
import type { Place, ReportProblem } from './model.ts'
import { DEEPEST_NESTING, findDeepNesting, findTooMuch } from './reading-limits.ts'

/**
 * CommonMark with front matter and the two additions of GitHub that change the blocks of a page: tables and footnotes. Bare addresses as
 * links, and struck-out text, would take a third more time. They change nothing in a procedure.
 */
const markdown = {
  extensions: [frontmatter(['yaml']), gfmTable(), gfmFootnote()],
  mdastExtensions: [frontmatterFromMarkdown(['yaml']), gfmTableFromMarkdown(), gfmFootnoteFromMarkdown()],
}
let mdx: Options | undefined

/** The syntax tree of a page: `.md` is CommonMark with GitHub's tables, `.mdx` is MDX. Throws a `VFileMessage` on broken MDX. */
function readMarkdown(text: string, path: string): Root {
  return fromMarkdown(text, path.endsWith('.mdx') ? loadMdx() : markdown)
}

/** MDX needs a JavaScript parser. It takes 30 ms, which a runbook in plain Markdown need not spend. */
function loadMdx(): Options {
  const { mdxjs }: typeof import('micromark-extension-mdxjs') = require('micromark-extension-mdxjs')
  const { mdxFromMarkdown }: typeof import('mdast-util-mdx') = require('mdast-util-mdx')
  mdx ??= {
    extensions: [...markdown.extensions, mdxjs()],
    mdastExtensions: [...markdown.mdastExtensions, mdxFromMarkdown()],
  }
  return mdx
}

/** The syntax tree of a page. It is empty, and a problem is reported, when the page is too much to read or is not valid MDX. */
export function readTree(text: string, path: string, report: ReportProblem): Root {
  const undecoded = findUndecoded(text)
  if (undecoded) report(undecoded, 'markdown', undecoded.what, { hint: 'Save the page as UTF-8' })
  const much = findTooMuch(text)
  if (much) {
    report(much, 'markdown', `${much.what}, so the page was not read`, { hint: 'Break it up into several' })
    return { type: 'root', children: [] }
  }
  const deep = findDeepNesting(text)
  if (deep) {
    report(
      deep,
      'markdown',
      `Lists and quotes are nested deeper than ${DEEPEST_NESTING} levels, so the page was not read`,
    )
    return { type: 'root', children: [] }
  }
  try {
    return readMarkdown(text, path)
  } catch (error) {
    if (!isMessage(error)) throw error
    report(placeOf(error), 'markdown', `This is not valid MDX: ${error.reason}`)
    return { type: 'root', children: [] }
  }
}

/** A bundle of its own reads MDX and throws its own class, so the error is recognised by its shape. */
function isMessage(error: unknown): error is VFileMessage {
  return error instanceof Error && 'reason' in error && 'ruleId' in error
}

/** For a tag that is never closed, the place is given only in words. */
function placeOf({ line, column, reason }: VFileMessage): Place {
  const [, namedLine, namedColumn] = /\((\d+):(\d+)-\d+:\d+\)/.exec(reason) ?? []
  return { line: line ?? Number(namedLine ?? 1), column: column ?? Number(namedColumn ?? 1) }
}

/**
 * The nodes of a syntax tree in the order of the text, the first one included, for trees of any depth. With `visit`, a check would take a
 * tenth longer.
 */
export function listNodes(first: Nodes): Nodes[] {
  const nodes: Nodes[] = []
  const waiting = [first]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    nodes.push(node)
    if ('children' in node) for (const child of node.children.toReversed()) waiting.push(child)
  }
  return nodes
}
