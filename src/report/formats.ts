import type { Problem, WaivedProblem } from '../base/index.ts'
import { formatJson } from '../base/index.ts'
import { describeCoverage, type MitigationCoverage, type Proof } from '../journal/index.ts'
import type { Assessment } from '../readiness/index.ts'
import { formatAssessmentJunit, formatAssessmentMarkdown, formatAssessmentSarif } from './assessment-reports.ts'
import { formatAssessmentText } from './assessment-text.ts'
import { writeMarkdownTable } from './markdown-table.ts'
import {
  formatProblemsJson,
  formatProblemsJunit,
  formatProblemsMarkdown,
  formatProblemsSarif,
  type ReportedRule,
} from './problems-reports.ts'
import { formatProblemsText } from './problems-text.ts'
import { formatProofsJunit, formatProofsMarkdown } from './proofs-reports.ts'
import { formatRunHtml } from './run-export/run-html.ts'
import { formatRunJson } from './run-export/run-json.ts'
import { formatRunJunit } from './run-export/run-junit.ts'
import { formatRunMarkdown } from './run-export/run-markdown.ts'
import type { RunRecord } from './run-export/run-record.ts'

/** The formats in which a command prints what it found: a row each, by the name that `--format` takes. */
export type Formats<Found, Format extends string> = Readonly<Record<Format, (found: Found) => string | Uint8Array>>

/** What `handbook check` found. */
export interface CheckReport {
  readonly problems: readonly Problem[]
  readonly waived: readonly WaivedProblem[]
  /** Paths of the pages that were checked. */
  readonly pages: readonly string[]
  readonly rules: readonly ReportedRule[]
  /** What was not looked at, a sentence each. */
  readonly notChecked?: readonly string[]
  /** A file's path as a terminal here can open it. */
  readonly showPath: (file: string) => string
  /** The text of a file by its shown path, for the code frame. */
  readonly readText: (file: string) => string | undefined
}

/** The formats of `handbook check`. */
export const checkFormats: Formats<CheckReport, 'text' | 'json' | 'sarif' | 'junit' | 'markdown'> = {
  text: ({ problems, waived, pages, showPath, readText }) =>
    formatProblemsText(
      problems.map(problem => ({ ...problem, file: showPath(problem.file) })),
      { readText, pages: pages.length, waived: waived.length },
    ),
  json: ({ problems, waived, notChecked }) => formatProblemsJson(problems, waived, notChecked),
  sarif: ({ problems, waived, rules, notChecked }) => formatProblemsSarif(problems, waived, rules, notChecked),
  junit: ({ problems, waived, pages, notChecked }) => formatProblemsJunit(problems, waived, pages, notChecked),
  markdown: ({ problems, waived, pages, rules, notChecked }) =>
    formatProblemsMarkdown(problems, waived, pages.length, rules, notChecked),
}

/** The formats of `handbook drill`; as text, what happens is printed while it does, by `createDrillReporter`. */
export const drillFormats: Formats<DrillReport, 'text' | 'json' | 'junit' | 'markdown'> = {
  text: ({ coverage }) => coverage.map(page => `${page.procedure}: ${describeCoverage(page)}\n`).join(''),
  json: report => `${formatJson(report)}\n`,
  junit: ({ proofs }) => formatProofsJunit(proofs),
  markdown: ({ proofs, coverage }) =>
    [formatProofsMarkdown(proofs), formatCoverageMarkdown(coverage), formatUnprovenMarkdown(proofs)]
      .filter(Boolean)
      .join('\n'),
}

/** What of each page is drilled by now. */
function formatCoverageMarkdown(coverage: DrillReport['coverage']): string {
  if (coverage.length === 0) return ''
  const rows = coverage.map(page => [{ code: page.procedure }, describeCoverage(page)])
  return writeMarkdownTable('What is drilled by now', ['Page', 'Coverage'], rows)
}

/** What no drill in such a lab proves, whatever came of it. */
function formatUnprovenMarkdown(proofs: readonly Proof[]): string {
  const all = [...new Set(proofs.flatMap(({ notProven = [] }) => notProven))]
  return all.length === 0 ? '' : writeMarkdownTable(`Not proven in this lab: ${all.join('; ')}`, [], [])
}

/** What drills proved, and which mitigations of their pages are drilled by now. */
export interface DrillReport {
  readonly proofs: readonly Proof[]
  readonly coverage: readonly (MitigationCoverage & { readonly procedure: string })[]
}

/** An assessment, and how wide text may be. */
export interface AssessmentReport {
  readonly assessment: Assessment
  readonly columns?: number
}

/** The formats of `handbook assess`. */
export const assessFormats: Formats<AssessmentReport, 'text' | 'json' | 'junit' | 'sarif' | 'markdown'> = {
  text: ({ assessment, columns }) => formatAssessmentText(assessment, columns),
  json: ({ assessment }) => `${formatJson(assessment)}\n`,
  junit: ({ assessment }) => formatAssessmentJunit(assessment),
  sarif: ({ assessment }) => formatAssessmentSarif(assessment),
  markdown: ({ assessment }) => formatAssessmentMarkdown(assessment),
}

/** A run to be exported. */
export interface ExportedRun extends RunRecord {
  /** Its ledger's own bytes: only those have the hashes that its chain is made of. */
  readonly ledger: Uint8Array
}

/** The formats of `handbook runs export`. */
export const runFormats: Formats<ExportedRun, 'markdown' | 'json' | 'ndjson' | 'junit' | 'html'> = {
  markdown: formatRunMarkdown,
  json: formatRunJson,
  ndjson: ({ ledger }) => ledger,
  junit: formatRunJunit,
  html: formatRunHtml,
}
