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
    const language = /^\s*(?:`{3,}|~{3,})\s*([\w-]+)/.exec(line)?.[1]
    return language ? [{ language, line: start.line + index, column: index === 0 ? start.column : 1 }] : []
  })
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
  'item',
  'breaks',
  'title',
  'static',
]
const FLAGS = ['temporary', 'static', 'showLineNumbers']

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
