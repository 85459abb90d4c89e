import type { Nodes, RootContent } from 'mdast'
import {
  type Fence,
  findHiddenFences,
  findHiddenHeadings,
  findSwallowing,
  parseBlockMeta,
  readFence,
} from './fences.ts'
import type { Language, ReportProblem } from './model.ts'
import { listNodes } from './read-markdown.ts'

/** What reading a section needs to know of its page. */
export interface PageContext {
  readonly source: readonly string[]
  readonly report: ReportProblem
  /** Whether the page has executable phases at all; without any it is prose, and nothing on it runs. */
  readonly executable: boolean
}

/** Languages of fences that show something and never run. */
export const OUTPUT_LANGUAGES: readonly string[] =
  'text txt plain output log console json jsonc json5 ndjson yaml yml toml ini csv xml html css diff patch md markdown mdx http promql sql logql mermaid nginx systemd properties dockerfile hcl'.split(
    ' ',
  )

/** The fences of a section. What hides a fence or a heading, or swallows what follows, is reported. */
export function findFences(roots: readonly RootContent[], page: PageContext): Fence[] {
  const nodes = roots.flatMap(listNodes)
  refuseInFootnotes(nodes, page)
  const fences = nodes.flatMap(node => (node.type === 'code' ? (readFence(node, page.source) ?? []) : []))
  for (const fence of fences) {
    const opened = page.source[fence.line - 1]?.slice(fence.column - 1).match(/^(?:`+|~+)/)?.[0]
    const hint = `Close it with ${opened}, on a line of its own`
    if (fence.inner !== undefined) {
      const message = `This fence is not closed before line ${fence.inner}, where another begins inside it`
      page.report(fence, 'closed-fence', message, {
        hint: `${hint}; to show a fence, open this one with one mark more`,
      })
    } else if (!fence.closed && (page.executable || swallowsHeading(fence))) {
      page.report(fence, 'closed-fence', 'This fence is never closed and swallows what follows it', { hint })
    }
  }
  for (const node of nodes) {
    const swallowing =
      node.type === 'html' || node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression'
        ? findSwallowing(node)
        : undefined
    if (!swallowing) continue
    const { name, mark, swallowed } = swallowing
    page.report(swallowing, 'closed-fence', `This ${name} is not closed before line ${swallowed}, which it swallows`, {
      hint: `Close it with ${mark}`,
    })
  }
  if (!page.executable) return fences
  for (const place of nodes.flatMap(node => (node.type === 'html' ? findHiddenHeadings(node) : []))) {
    page.report(place, 'fence-in-html', 'This heading is inside raw HTML, so nothing below it is a step', {
      hint: 'Leave an empty line between the HTML and the heading',
    })
  }
  for (const hidden of nodes.flatMap(node => (node.type === 'html' ? findHiddenFences(node) : []))) {
    if (OUTPUT_LANGUAGES.includes(hidden.language)) continue
    page.report(hidden, 'fence-in-html', `This ${hidden.language} fence is inside raw HTML and would not run`, {
      hint: 'Leave an empty line between the HTML and the fence',
    })
  }
  return fences
}

/** A footnote is shown at the page's end, or not at all, so nobody would read there what a step runs. */
function refuseInFootnotes(nodes: readonly Nodes[], page: PageContext): void {
  if (!page.executable) return
  for (const footnote of nodes) {
    if (footnote.type !== 'footnoteDefinition') continue
    for (const node of listNodes(footnote)) {
      const fence = node.type === 'code' ? readFence(node, page.source) : undefined
      if (!fence || !isLanguage(fence.language) || isStatic(fence)) continue
      page.report(
        fence,
        'fence-outside-step',
        `This ${fence.language} fence is in a footnote, which is not shown where it would run`,
        {
          hint: 'Move it out of the footnote, or mark it static',
        },
      )
    }
  }
}

/** On a page of prose, an open fence at the very end does no harm. */
function swallowsHeading({ code }: Fence): boolean {
  return /^ {0,3}#{1,3}[ \t]/m.test(code)
}

/** `static=false` would still be static: what stands behind these words is a reason. */
export function demandReason(fence: Fence, key: string, report: ReportProblem): void {
  const value = parseBlockMeta(fence.meta).values.get(key)
  if (value === undefined || !/^(?:true|false|yes|no|on|off|[01])$/i.test(value.trim())) return
  report(fence, 'known-meta', `${key}=${value} is not a reason in words`, {
    expected: `${key}="why"`,
    found: value,
    hint: /^(?:false|no|off|0)$/i.test(value.trim()) ? `Remove ${key}=${value}` : `Say why: ${key}="…"`,
  })
}

/** Whether a fence of this language runs. */
export function isLanguage(language: string): language is Language {
  return language === 'ts' || language === 'bash'
}

/** Whether a fence only shows something, by its own word. */
export function isStatic(fence: Fence): boolean {
  const { flags, values } = parseBlockMeta(fence.meta)
  return flags.has('static') || values.has('static')
}
