import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod/mini'
import { describeIssue, findIssueOffset, type Problem } from '../base/index.ts'
import { findJsonFault } from './find-json-fault.ts'
import { readFileOrProblem } from './read-file-or-problem.ts'

/** What a file that a command wrote holds, or what is wrong with it, at its place; neither when there is no such file. */
export interface ReadRecord<T> {
  readonly data?: T
  readonly problem?: Problem
}

/** How a record is written anew. */
export interface RecordKind<T> {
  readonly schema: z.ZodMiniType<T>
  readonly hint: string
}

/** Reads a JSON file that a command of ours wrote; never throws for what it holds. */
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
  // JSON is YAML, and places in YAML are known.
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
