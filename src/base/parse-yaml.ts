import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type * as z from 'zod/mini'
import type { Problem } from './problem.ts'
import { describeIssue } from './schemas.ts'

/** The content of a YAML file, or its mistakes. Keys and values are named at their own place. */
export function parseYaml<T>(
  text: string,
  schema: z.ZodMiniType<T>,
  { file, rule }: Pick<Problem, 'file' | 'rule'>,
): { readonly data: T } | { readonly problems: readonly Problem[] } {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const problem = (offset: number, message: string, hint?: string): Problem => {
    const { line, col } = counter.linePos(offset)
    return { file, line, column: col, rule, severity: 'error', message, ...(hint ? { hint } : {}) }
  }
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(error => {
        const { message, hint } = describeYamlError(error, text)
        return problem(error.pos[0], message, hint)
      }),
    }
  }
  const nameless = findNamelessKey(document)
  if (nameless !== undefined) return { problems: [problem(nameless, NAMELESS, NAMELESS_HINT)] }
  let raw: unknown
  try {
    raw = document.toJS()
  } catch (error) {
    // An alias without an anchor, or with far too many of them.
    return { problems: [problem(0, error instanceof Error ? error.message : String(error))] }
  }
  const result = schema.safeParse(raw, { error: describeIssue })
  if (result.success) return { data: result.data }
  return {
    problems: result.error.issues.map(issue => {
      const path = issue.path.length === 0 ? '' : `${issue.path.join(' › ')}: `
      return problem(findIssueOffset(document, issue), `${path}${issue.message}`)
    }),
  }
}

/** What is said of a key that `findNamelessKey` finds. */
export const NAMELESS = 'A key has no name: null, ~ and nothing at all are none, and neither is a list'
/** What to write instead. */
export const NAMELESS_HINT = 'Write the name before the colon; one that YAML would take for something else, in quotes'

/** The offset of the first key of a map that is no text and no number; such a key would be lost. */
export function findNamelessKey(document: Document): number | undefined {
  let found: number | undefined
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) ? key.value !== null : isAlias(key)) return undefined
      found = [key, value].flatMap(node => (isNode(node) ? (node.range?.[0] ?? []) : []))[0] ?? 0
      return visit.BREAK
    },
  })
  return found
}

/** A YAML error in words for somebody who seldom writes YAML, and what to write instead. */
export function describeYamlError(
  { code, pos: [offset], message }: YAMLError,
  text: string,
): { readonly message: string; readonly hint?: string } {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split(/\r?\n/)[0] ?? ''
  const [, before = '', value = ''] = /^(\s*(?:- )?[^\s:#][^:#]*:[ \t]+)(\S.*)$/.exec(line) ?? []
  const quoted = `${before}${JSON.stringify(value.trimEnd().replaceAll('"', "'"))}`.trimStart()
  const hint = value === '' ? 'Put the value in quotes' : `Put the value in quotes: ${quoted}`
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { message: 'A value with “: ” in it is read as one more key', hint }
    case 'BAD_SCALAR_START':
      return { message: `A value cannot begin with ${text.charAt(offset)}, unless it is in quotes`, hint }
    case 'DUPLICATE_KEY':
      return {
        message: `The key ${/^[^\s:]+/.exec(text.slice(offset))?.[0] ?? ''} is there twice`,
        hint: 'Remove one of them',
      }
    case 'TAB_AS_INDENT':
      return { message: 'A tab cannot indent a line', hint: 'Write spaces' }
    default:
      return { message }
  }
}

/** The offset in a YAML text of the value at a path, or of the nearest value above it. */
export function findYamlOffset(document: Document<Node>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0])
  }
  return 0
}

/** The offset of a schema's issue: an unknown key at the key itself, every other issue at its value. */
export function findIssueOffset(document: Document<Node>, issue: z.core.$ZodIssue): number {
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const map = issue.path.length === 0 ? document.contents : document.getIn(issue.path, true)
  const found = isMap(map) ? map.items.find(pair => isScalar(pair.key) && pair.key.value === key)?.key : undefined
  return (isNode(found) ? found.range?.[0] : undefined) ?? findYamlOffset(document, issue.path)
}
