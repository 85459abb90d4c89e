import { LineCounter, parseDocument } from 'yaml'
import type * as z from 'zod/mini'
import { describeIssue } from './describe-issue.ts'
import type { Problem } from './problem.ts'
import { findIssueOffset } from './yaml-place.ts'

/** The content of a YAML file, or its mistakes. Keys and values are named at their own place. */
export function parseYaml<T>(
  text: string,
  schema: z.ZodMiniType<T>,
  { file, rule }: Pick<Problem, 'file' | 'rule'>,
): { readonly data: T } | { readonly problems: readonly Problem[] } {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
  const problem = (offset: number, message: string): Problem => {
    const { line, col } = counter.linePos(offset)
    return { file, line, column: col, rule, severity: 'error', message }
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
  const result = schema.safeParse(raw, { error: describeIssue })
  if (result.success) return { data: result.data }
  return {
    problems: result.error.issues.map(issue => {
      const path = issue.path.length === 0 ? '' : `${issue.path.join(' › ')}: `
      return problem(findIssueOffset(document, issue), `${path}${issue.message}`)
    }),
  }
}
