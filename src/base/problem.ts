/** How bad a problem is: an error breaks the build, a warning does not. */
export type Severity = 'error' | 'warning'

/** A mistake at a place in a file, in words for its author. */
export interface Problem {
  /** Path as the author knows it, relative to the handbook's root. */
  readonly file: string
  /** Line, counted from 1. */
  readonly line: number
  /** Column, counted from 1, in UTF-16 code units. */
  readonly column: number
  /** The rule's stable id, kebab-case. */
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly expected?: string
  readonly found?: string
  /** What to do about it. */
  readonly hint?: string
}

/** A problem that its page waives. It is counted and recorded, but is no error. */
export interface WaivedProblem extends Problem {
  readonly reason: string
  /** The last day on which it is waived, as an ISO date. */
  readonly until: string
}

/** `file:line:col`, the form that editors and terminals make clickable. */
export function formatPlace({ file, line, column }: Pick<Problem, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`
}
