import type { Code, Html } from 'mdast'
import type { Place } from './model.ts'

/** A fence of any language. */
export interface Fence extends Place {
  readonly language: string
  readonly meta: string
  readonly code: string
  readonly lines: readonly Place[]
  /** Whether a closing fence ends it; without one, the fence takes in the rest of its container. */
  readonly closed: boolean
  /** The line on which another fence seems to begin inside it: then the one that ends it was not meant to. */
  readonly inner?: number
}

/** A node that may enclose more of the page than its author meant. */
type Enclosing = Pick<Html, 'position' | 'value'> & { readonly type: string }

/** A fence in raw HTML, where Markdown does not see it. */
interface HiddenFence extends Place {
  readonly language: string
}

/** The fence of a `code` node, or `undefined` when the code is merely indented. */
export function readFence(node: Code, source: readonly string[]): Fence | undefined {
  const { start, end } = node.position ?? {}
  if (!start || !end) return undefined
  const opening = source[start.line - 1]?.slice(start.column - 1) ?? ''
  const marker = /^(`{3,}|~{3,})/.exec(opening)?.[1]
  if (!marker) return undefined
  const values = node.value === '' ? [] : node.value.split(/\r\n|\r|\n/)
  const last = source[end.line - 1]?.slice(0, end.column - 1).trimEnd() ?? ''
  const closed = end.line > start.line && new RegExp(`\\${marker[0]}{${marker.length},}$`).test(last)
  // A no-break space looks like a space to an author, but Markdown does not treat it as a space.
  const [, language = '', meta = ''] = /^(\S*)\s*(.*)$/s.exec(`${node.lang ?? ''} ${node.meta ?? ''}`.trim()) ?? []
  const inner = values.findIndex(value => opensAnother(value, marker))
  return {
    ...(inner === -1 ? {} : { inner: start.line + 1 + inner }),
    language,
    meta,
    code: values.join('\n'),
    line: start.line,
    column: start.column,
    lines: values.map((value, index) => placeLine(value, start.line + 1 + index, source)),
    closed,
  }
}

/** Whether a line begins a fence like this one; one with fewer marks is shown by it. */
function opensAnother(line: string, marker: string): boolean {
  const [, marks = '', info = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*(\S.*)?$/.exec(line) ?? []
  return marks.startsWith(marker) && /^[a-z{]/i.test(info) && !(marker.startsWith('`') && info.includes('`'))
}

/** Fences in raw HTML, such as one right below a `<details>` without an empty line between. */
export function findHiddenFences({ position, value }: Html): HiddenFence[] {
  const start = position?.start
  if (!start || value.startsWith('<!--')) return []
  return value.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const language = FENCE.exec(line)?.[1]
    return language ? [{ language, line: start.line + index, column: index === 0 ? start.column : 1 }] : []
  })
}

const FENCE = /^\s*(?:`{3,}|~{3,})\s*([\w-]+)/
const HEADING = /^ {0,3}#{1,3}[ \t]+\S/

/** What goes on to its end mark, whatever stands between: https://spec.commonmark.org/0.31.2/#html-blocks, and a comment in MDX. */
const ENCLOSED: readonly {
  readonly name: string
  readonly begin: RegExp
  readonly end: RegExp
  readonly mark: string
}[] = [
  { name: 'HTML comment', begin: /<!--/, end: /-->/, mark: '-->' },
  { name: 'CDATA section', begin: /<!\[CDATA\[/, end: /\]\]>/, mark: ']]>' },
  { name: 'processing instruction', begin: /<\?/, end: /\?>/, mark: '?>' },
  { name: 'declaration', begin: /<![A-Za-z]/, end: />/, mark: '>' },
  ...['script', 'pre', 'style', 'textarea'].map(tag => ({
    name: `<${tag}>`,
    begin: new RegExp(`<${tag}(?=[\\s>]|$)`, 'i'),
    end: new RegExp(`</${tag}>`, 'i'),
    mark: `</${tag}>`,
  })),
  { name: 'comment', begin: /\/\*/, end: /\*\//, mark: '*/}' },
]

/** A part of the page that is never closed, and the line of the first heading or fence that it swallows. */
interface Swallowing extends Place {
  readonly name: string
  readonly mark: string
  readonly swallowed: number
}

/**
 * What swallows headings or fences of the page, because its end mark is missing: then it goes on to the end, or to the end mark of another
 * such part below. A comment that is closed hides what its author meant it to hide.
 */
export function findSwallowing({ type, position, value }: Enclosing): Swallowing | undefined {
  const start = position?.start
  if (!start) return undefined
  const text = value.trimStart()
  const kind = ENCLOSED.find(
    ({ name, begin }) => (name === 'comment') === (type !== 'html') && text.search(begin) === 0,
  )
  if (!kind) return undefined
  const lines = value.split(/\r\n|\r|\n/)
  const swallowed = lines.findIndex((line, index) => index > 0 && (HEADING.test(line) || FENCE.test(line)))
  if (swallowed < 0) return undefined
  const inner = value.slice(value.search(kind.begin) + 1)
  const end = inner.search(kind.end)
  const again = lines.findIndex((line, index) => index > 0 && line.search(kind.begin) >= 0)
  const last = lines.at(-1) ?? ''
  const behind = last.slice(last.search(kind.end)).replace(kind.end, '').trim()
  if (end >= 0 && !(again >= swallowed) && !(type === 'html' && behind !== '')) return undefined
  return { name: kind.name, mark: kind.mark, line: start.line, column: start.column, swallowed: start.line + swallowed }
}

/** Headings in raw HTML that an empty line would end, such as one right below a `<div>`: they are no headings. */
export function findHiddenHeadings({ position, value }: Html): Place[] {
  const start = position?.start
  if (!start || ENCLOSED.some(({ begin }) => value.trimStart().search(begin) === 0)) return []
  return value
    .split(/\r\n|\r|\n/)
    .flatMap((line, index) => (index > 0 && HEADING.test(line) ? [{ line: start.line + index, column: 1 }] : []))
}

/** A line of code is a suffix of its line in the page, because containers and indentation only remove characters from its front. */
function placeLine(value: string, line: number, source: readonly string[]): Place {
  const raw = source[line - 1] ?? ''
  const text = raw.endsWith(value) ? value : value.trimStart()
  const column = raw.length - text.length + 1 - (value.length - text.length)
  return { line, column: Math.max(1, column) }
}

/** The words that an author wrote behind a fence's language. */
interface BlockMeta {
  readonly values: ReadonlyMap<string, string>
  readonly flags: ReadonlySet<string>
  /** Words that are neither a known `key=value` nor a known flag. */
  readonly unknown: readonly string[]
}

const KEYS = [
  'risk',
  'timeout',
  'retries',
  'every',
  'file',
  'undoes',
  'when',
  'irreversible',
  'leaves',
  'silences',
  'touches',
  'max',
  'item',
  'breaks',
  'title',
  'static',
]
const FLAGS = ['temporary', 'cheap', 'static', 'showLineNumbers']

/** Every word that may stand behind a language. */
export const META_WORDS: readonly string[] = [...new Set([...KEYS, ...FLAGS])]

/** Reads `risk=danger timeout=2m title="x" temporary {1,3}`; Docusaurus' own words are let through. */
export function parseBlockMeta(meta: string): BlockMeta {
  const values = new Map<string, string>()
  const flags = new Set<string>()
  const unknown: string[] = []
  for (const [word, key, quoted, single, bare, highlight] of meta.matchAll(
    /([^\s=]+)=(?:"([^"]*)"|'([^']*)'|(\S*))|(\{[\d,\s-]*\})|\S+/g,
  )) {
    if (highlight) continue
    if (key && KEYS.includes(key) && !values.has(key)) values.set(key, quoted ?? single ?? bare ?? '')
    else if (FLAGS.includes(word)) flags.add(word)
    else unknown.push(word)
  }
  return { values, flags, unknown }
}
