import { createHash } from 'node:crypto'
import { toString as toText } from 'mdast-util-to-string'
import { parseDuration, type Risk } from '../base/index.ts'
import { type Fence, META_WORDS, parseBlockMeta } from './fences.ts'
import { demandReason, isLanguage, type PageContext } from './find-fences.ts'
import type { Block, Part, Step } from './model.ts'
import type { PHASES } from './phases.ts'

const RISKS: readonly Risk[] = ['read', 'change', 'danger']
const DEFAULT_TIMEOUT = 5 * 60_000
const DEFAULT_EVERY = 2_000

/** The step of a heading, from the words behind its block's language. */
export function readStep(
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
    block: readBlock(
      fence,
      values.get('file'),
      prose ? toText(prose, { includeHtml: false }).replaceAll(/\s+/g, ' ') : undefined,
    ),
    risk: risk ?? phase.risk,
    timeout: duration('timeout', DEFAULT_TIMEOUT),
    retries: Number.isInteger(retries) && retries > 0 ? retries : 0,
    every: duration('every', DEFAULT_EVERY),
    temporary: flags.has('temporary'),
    ...(values.has('silences') ? { silences: duration('silences', 0) } : {}),
    ...(flags.has('cheap') ? { cheap: true } : {}),
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

function split(text: string | undefined): string[] {
  return text ? text.split(',').filter(Boolean) : []
}
