import type { Assessment } from '../readiness/index.ts'
import { formatAssessmentJunit } from './assessment-junit.ts'
import { formatAssessmentMarkdown } from './assessment-markdown.ts'
import { formatAssessmentSarif } from './assessment-sarif.ts'
import { formatAssessmentText } from './assessment-text.ts'

/** How an assessment can be told. */
export type AssessmentFormat = 'text' | 'json' | 'junit' | 'sarif' | 'markdown'

/** An assessment in one of its formats; `columns` is how wide text may be. */
export function formatAssessment(assessment: Assessment, format: AssessmentFormat, columns?: number): string {
  switch (format) {
    case 'text':
      return formatAssessmentText(assessment, columns)
    case 'json':
      return `${JSON.stringify(assessment)}\n`
    case 'junit':
      return formatAssessmentJunit(assessment)
    case 'sarif':
      return formatAssessmentSarif(assessment)
    case 'markdown':
      return formatAssessmentMarkdown(assessment)
    default:
      return format satisfies never
  }
}
