import { LineCounter, parseDocument } from 'yaml'
import { describeIssue, findIssueOffset, type Problem } from '../base/index.ts'
import { type HandbookFile, handbookFileSchema } from './handbook-file.ts'

/** The name of the file that makes a folder a handbook. */
export const HANDBOOK_FILE = 'handbook.yaml'

/** Reads the text of a `handbook.yaml`; wrong keys and values are named at their own place. */
export function parseHandbookFile(text: string): { file: HandbookFile } | { problems: Problem[] } {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = counter.linePos(offset)
    return { file: HANDBOOK_FILE, line, column: col, rule: 'handbook-file', severity: 'error', message }
  }
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ pos, message }) => problem(pos[0], message)) }
  }
  let raw: unknown
  try {
    raw = document.toJS()
  } catch (error) {
    // An alias without an anchor, or with far too many of them.
    return { problems: [problem(0, error instanceof Error ? error.message : String(error))] }
  }
  const result = handbookFileSchema.safeParse(raw, { error: describeIssue })
  if (result.success) return { file: result.data }
  return {
    problems: result.error.issues.map(issue => {
      const path = issue.path.length === 0 ? '' : `${issue.path.join(' › ')}: `
      return problem(findIssueOffset(document, issue), `${path}${issue.message}`)
    }),
  }
}
