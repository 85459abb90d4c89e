import { createHash } from 'node:crypto'
import type { Nodes, RootContent } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { parseDuration, type Risk } from '../base/index.ts'
import { doesNothing } from './does-nothing.ts'
import {
  type Fence,
  findHiddenFences,
  findHiddenHeadings,
  findSwallowing,
  META_WORDS,
  parseBlockMeta,
  readFence,
} from './fences.ts'
import type { Block, Language, Part, ReportProblem, Step } from './model.ts'
import type { PHASES } from './phases.ts'
import { listNodes } from './read-markdown.ts'

/** What reading a section needs to know of its page. */
export interface PageContext {
  readonly source: readonly string[]
  readonly report: ReportProblem
  /** Whether the page has executable phases at all; without any it is prose, and nothing on it runs. */
  readonly executable: boolean
}

const RISKS: readonly Risk[] = ['read', 'change', 'danger']
const DEFAULT_TIMEOUT = 5 * 60_000
const DEFAULT_EVERY = 2_000

/** Languages of fences that show something and never run. */
export const OUTPUT_LANGUAGES: readonly string[] =
  'text txt plain output log console json jsonc json5 ndjson yaml yml toml ini csv xml html css diff patch md markdown mdx http promql sql logql mermaid nginx systemd properties dockerfile hcl'.split(
    ' ',
  )

/** The steps below a level-2 heading. Every fence is run, is marked `static`, shows output, or is reported. */
export function readSteps(
  parts: readonly Part[],
  phase: (typeof PHASES)[number] | undefined,
  page: PageContext,
): Step[] {
  const steps: Step[] = []
  for (const part of parts) {
    const { heading } = part
    const fences = findFences(part.nodes, page)
    if (!page.executable) continue
    if (!phase || heading?.depth !== 3) {
      for (const fence of fences) refuseOutside(fence, phase, page)
      continue
    }
    const blocks = fences.filter(fence => mustRun(fence, page))
    const [first, ...others] = blocks
    for (const fence of others) {
      page.report(fence, 'one-block-each', `The step “${heading.title}” has a second executable block`, {
        found: `the first one is on line ${first?.line}`,
        hint: 'Give it a level-3 heading of its own, or mark one of them static',
      })
    }
    if (first) {
      steps.push(readStep({ heading, nodes: part.nodes }, first, phase, page))
      if (first.closed && isLanguage(first.language) && doesNothing(first.language, first.code)) refuseIdle(first, page)
    } else if (fences.every(fence => fence.language !== 'ts' && fence.language !== 'bash')) {
      page.report(heading, 'step-has-block', `The step “${heading.title}” has no executable block`, {
        hint: 'Add a ts or bash block, or use a level-4 heading; static: true in the front matter makes the whole page prose',
      })
    }
  }
  return steps
}

function findFences(roots: readonly RootContent[], page: PageContext): Fence[] {
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

function refuseOutside(fence: Fence, phase: (typeof PHASES)[number] | undefined, { report }: PageContext): void {
  if (!isLanguage(fence.language)) return
  demandReason(fence, 'static', report)
  if (isStatic(fence)) return
  report(fence, 'fence-outside-step', `This ${fence.language} fence is outside a step and would not run`, {
    hint: phase
      ? `Put it under a level-3 heading of ${phase.title}, or mark it static`
      : 'Move it into an executable phase, or mark it static',
  })
}

/** A step that does nothing would pass, whatever is the matter. */
function refuseIdle(fence: Fence, { report }: PageContext): void {
  const file = parseBlockMeta(fence.meta).values.get('file')
  report(fence, 'step-has-block', 'This block does nothing, so the step could not fail', {
    hint:
      file === undefined
        ? 'Write what the step does, or mark the block static and the step as prose: a level-4 heading'
        : `Let handbook check --fix write ${file} into it`,
  })
}

/** `static=false` would still be static: what stands behind these words is a reason. */
function demandReason(fence: Fence, key: string, report: ReportProblem): void {
  const value = parseBlockMeta(fence.meta).values.get(key)
  if (value === undefined || !/^(?:true|false|yes|no|on|off|[01])$/i.test(value.trim())) return
  report(fence, 'known-meta', `${key}=${value} is not a reason in words`, {
    expected: `${key}="why"`,
    found: value,
    hint: /^(?:false|no|off|0)$/i.test(value.trim()) ? `Remove ${key}=${value}` : `Say why: ${key}="…"`,
  })
}

function mustRun(fence: Fence, { report }: PageContext): boolean {
  demandReason(fence, 'static', report)
  if (isStatic(fence)) return false
  if (isLanguage(fence.language)) return true
  if (!OUTPUT_LANGUAGES.includes(fence.language.toLowerCase())) {
    report(
      fence,
      'known-language',
      `A fence in ${fence.language || 'no language'} cannot run, and is not marked as output`,
      {
        expected: 'ts or bash to run it; static or an output language such as text or console to show it',
        found: fence.language || 'no language',
      },
    )
  }
  return false
}

function readStep(
  { heading, nodes }: Required<Part>,
  fence: Fence,
  phase: (typeof PHASES)[number],
  { report }: PageContext,
): Step {
  const { values, flags, unknown } = parseBlockMeta(fence.meta)
  for (const word of unknown) {
    report(fence, 'known-meta', `“${word}” means nothing behind a fence's language`, {
      found: word,
      hint: `Known: ${META_WORDS.join(', ')}`,
    })
  }
  const wrong = (key: string, expected: string) =>
    report(fence, 'known-meta', `${key}=${values.get(key)} is not ${expected}`, {
      expected,
      found: values.get(key) ?? '',
    })
  const duration = (key: string, otherwise: number): number => {
    const text = values.get(key)
    const value = text === undefined ? otherwise : parseDuration(text)
    if (value === undefined) wrong(key, 'a duration such as 30s')
    return value ?? otherwise
  }
  const risk = RISKS.find(known => known === values.get('risk'))
  if (values.has('risk') && !risk) wrong('risk', 'one of read, change, danger')
  const retries = Number(values.get('retries') ?? 0)
  if (!Number.isInteger(retries) || retries < 0) wrong('retries', 'a whole number')
  for (const key of ['irreversible', 'leaves', 'when']) demandReason(fence, key, report)
  const undoes = values.get('undoes')
  const when = values.get('when')?.trim()
  if (when === '') wrong('when', 'a condition in words')
  const irreversible = values.get('irreversible')
  const leaves = values.get('leaves')?.trim()
  if (leaves === '') wrong('leaves', 'a reason in words')
  const [, list, key] = /^([^.\s]+)(?:\.(\S+))?$/.exec(values.get('touches') ?? '') ?? []
  if (values.has('touches') && list === undefined) wrong('touches', 'a step, or STEP.KEY')
  const max = values.has('max') ? Number(values.get('max')) : undefined
  if (max !== undefined && !(Number.isInteger(max) && max > 0)) wrong('max', 'a whole number above 0')
  const prose = nodes.find(node => node.type === 'paragraph' && (node.position?.end.line ?? 0) < fence.line)
  return {
    id: heading.id,
    title: heading.title,
    line: heading.line,
    column: heading.column,
    phase: phase.name,
    block: readBlock(fence, values.get('file'), prose ? toText(prose).replaceAll(/\s+/g, ' ') : undefined),
    risk: risk ?? phase.risk,
    timeout: duration('timeout', DEFAULT_TIMEOUT),
    retries: Number.isInteger(retries) && retries > 0 ? retries : 0,
    every: duration('every', DEFAULT_EVERY),
    temporary: flags.has('temporary'),
    ...(undoes === undefined ? {} : { undoes }),
    ...(when ? { when } : {}),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(leaves ? { leaves } : {}),
    ...(list === undefined ? {} : { touches: { step: list, ...(key === undefined ? {} : { key }) } }),
    ...(max === undefined ? {} : { max }),
    items: split(values.get('item')),
    breaks: split(values.get('breaks')),
  }
}

function readBlock(
  { language, code, line, column, lines }: Fence,
  file: string | undefined,
  prose: string | undefined,
): Block {
  const hash = createHash('sha256').update(`${language}\n${code}`).digest('hex')
  return {
    language: isLanguage(language) ? language : 'bash',
    code,
    fence: { line, column },
    lines,
    hash,
    ...(prose === undefined ? {} : { prose }),
    ...(file === undefined ? {} : { file }),
  }
}

function isLanguage(language: string): language is Language {
  return language === 'ts' || language === 'bash'
}

function isStatic(fence: Fence): boolean {
  const { flags, values } = parseBlockMeta(fence.meta)
  return flags.has('static') || values.has('static')
}

function split(text: string | undefined): string[] {
  return text ? text.split(',').filter(Boolean) : []
}
