import type { Assessment } from '../readiness/index.ts'
import { formatAssessmentMarkdown } from './assessment-markdown.ts'
import { formatAssessmentText } from './assessment-text.ts'

/** How an assessment can be told. */
export const ASSESSMENT_FORMATS = ['text', 'json', 'markdown'] as const

/** An assessment in one of its formats; `columns` is how wide text may be. */
export function formatAssessment(
  assessment: Assessment,
  format: (typeof ASSESSMENT_FORMATS)[number],
  columns?: number,
): string {
  switch (format) {
    case 'text':
      return formatAssessmentText(assessment, columns)
    case 'json':
      return `${JSON.stringify(assessment)}\n`
    case 'markdown':
      return formatAssessmentMarkdown(assessment)
    default:
      return format satisfies never
  }
}
