import { createHash } from 'node:crypto'
import type { RootContent } from 'mdast'
import { parseDuration, type Risk } from '../base/index.ts'
import { type Fence, findHiddenFences, META_WORDS, parseBlockMeta, readFence } from './fences.ts'
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
    if (first) steps.push(readStep(heading, first, phase, page))
    else if (fences.every(fence => fence.language !== 'ts' && fence.language !== 'bash')) {
      page.report(heading, 'step-has-block', `The step “${heading.title}” has no executable block`, {
        hint: 'Add a ts or bash block, or use a level-4 heading; static: true in the front matter makes the whole page prose',
      })
    }
  }
  return steps
}

function findFences(roots: readonly RootContent[], page: PageContext): Fence[] {
  const nodes = roots.flatMap(listNodes)
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
  if (!page.executable) return fences
  for (const hidden of nodes.flatMap(node => (node.type === 'html' ? findHiddenFences(node) : []))) {
    if (OUTPUT_LANGUAGES.includes(hidden.language)) continue
    page.report(hidden, 'fence-in-html', `This ${hidden.language} fence is inside raw HTML and would not run`, {
      hint: 'Leave an empty line between the HTML and the fence',
    })
  }
  return fences
}

/** On a page of prose, an open fence at the very end does no harm. */
function swallowsHeading({ code }: Fence): boolean {
  return /^ {0,3}#{1,3}[ \t]/m.test(code)
}

function refuseOutside(fence: Fence, phase: (typeof PHASES)[number] | undefined, { report }: PageContext): void {
  if (!isLanguage(fence.language) || isStatic(fence)) return
  report(fence, 'fence-outside-step', `This ${fence.language} fence is outside a step and would not run`, {
    hint: phase
      ? `Put it under a level-3 heading of ${phase.title}, or mark it static`
      : 'Move it into an executable phase, or mark it static',
  })
}

function mustRun(fence: Fence, { report }: PageContext): boolean {
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
  heading: NonNullable<Part['heading']>,
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
  const undoes = values.get('undoes')
  const when = values.get('when')?.trim()
  if (when === '') wrong('when', 'a condition in words')
  const irreversible = values.get('irreversible')
  const leaves = values.get('leaves')?.trim()
  if (leaves === '') wrong('leaves', 'a reason in words')
  return {
    id: heading.id,
    title: heading.title,
    line: heading.line,
    column: heading.column,
    phase: phase.name,
    block: readBlock(fence, values.get('file')),
    risk: risk ?? phase.risk,
    timeout: duration('timeout', DEFAULT_TIMEOUT),
    retries: Number.isInteger(retries) && retries > 0 ? retries : 0,
    every: duration('every', DEFAULT_EVERY),
    temporary: flags.has('temporary'),
    ...(undoes === undefined ? {} : { undoes }),
    ...(when ? { when } : {}),
    ...(irreversible === undefined ? {} : { irreversible }),
    ...(leaves ? { leaves } : {}),
    items: list(values.get('item')),
    breaks: list(values.get('breaks')),
  }
}

function readBlock({ language, code, line, column, lines }: Fence, file: string | undefined): Block {
  const hash = createHash('sha256').update(`${language}\n${code}`).digest('hex')
  return {
    language: isLanguage(language) ? language : 'bash',
    code,
    fence: { line, column },
    lines,
    hash,
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

function list(text: string | undefined): string[] {
  return text ? text.split(',').filter(Boolean) : []
}
