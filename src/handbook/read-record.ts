import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod/mini'
import { describeIssue, findIssueOffset, type Problem } from '../base/index.ts'
import { readFileOrProblem } from './read-file-or-problem.ts'

/** The content of a file that a command wrote, or its problem; neither when the file does not exist. */
interface ReadRecord<T> {
  readonly data?: T
  readonly problem?: Problem
}

/** The shape of a record, and the hint that says how to write it again. */
interface RecordKind<T> {
  readonly schema: z.ZodMiniType<T>
  readonly hint: string
}

/** Reads a JSON file that one of our commands wrote. It never throws for its content. */
export async function readRecord<T>(root: string, file: string, kind: RecordKind<T>): Promise<ReadRecord<T>> {
  const { text, problem } = await readFileOrProblem(root, file, 'proof-file')
  if (problem) return { problem }
  return text === undefined ? {} : parseRecord(text, file, kind)
}

function parseRecord<T>(text: string, file: string, { schema, hint }: RecordKind<T>): ReadRecord<T> {
  const lines = new LineCounter()
  const refuse = (offset: number, message: string): ReadRecord<T> => {
    const { line, col } = lines.linePos(offset)
    return { problem: { file, line, column: col, rule: 'proof-file', severity: 'error', message, hint } }
  }
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    addLines(text, lines)
    return refuse(findJsonFault(text) ?? 0, error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error))
  }
  const result = schema.safeParse(raw, { error: describeIssue })
  if (result.success) return { data: result.data }
  const [issue] = result.error.issues
  // JSON is YAML too, and the YAML parser knows places.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const path = issue && issue.path.length > 0 ? `${issue.path.join(' › ')}: ` : ''
  return refuse(issue ? findIssueOffset(document, issue) : 0, `${path}${issue?.message ?? 'It has another shape'}`)
}

function addLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0)
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1)
}

const SPACE = /[ \t\r\n]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: a string in JSON may not hold them
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y
/** Deeper nesting counts as a fault. */
const DEEPEST = 500

/** The offset at which a text stops being JSON; `undefined` when it is JSON. The message of `JSON.parse` often names no place. */
export function findJsonFault(text: string): number | undefined {
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    at += found?.[0].length ?? 0
    return found !== null
  }
  const takeMark = (mark: string): boolean => {
    take(SPACE)
    if (!text.startsWith(mark, at)) return false
    at += mark.length
    return true
  }
  const takeList = (end: string, takeEntry: () => boolean): boolean => {
    if (takeMark(end)) return true
    do if (!takeEntry()) return false
    while (takeMark(','))
    return takeMark(end)
  }
  const takeKey = (): boolean => {
    take(SPACE)
    return take(STRING) && takeMark(':')
  }
  const takeValue = (depth: number): boolean => {
    if (depth > DEEPEST) return false
    if (takeMark('{')) return takeList('}', () => takeKey() && takeValue(depth + 1))
    if (takeMark('[')) return takeList(']', () => takeValue(depth + 1))
    return take(STRING) || take(SCALAR)
  }
  const whole = takeValue(0)
  take(SPACE)
  return whole && at === text.length ? undefined : at
}
