export { type AssessProgress, createAssessProgress } from './assessment-text.ts'
export { formatClock, formatMoment, nameZone } from './format-time.ts'
export {
  assessFormats,
  type CheckReport,
  checkFormats,
  drillFormats,
  type ExportedRun,
  type Formats,
  runFormats,
} from './formats.ts'
export { formatIncident, formatIncidents } from './incident-text.ts'
export { type JunitCase, type JunitReport, type JunitSuite, writeJunit } from './junit.ts'
export { type Cell, writeMarkdownTable } from './markdown-table.ts'
export { createMatrixReporter, type MatrixReporter, matrixFormats } from './matrix-report.ts'
export { formatPractices, formatScore } from './practice-text.ts'
export {
  formatProblemsJson,
  formatProblemsJunit,
  formatProblemsMarkdown,
  formatProblemsSarif,
  type ReportedRule,
} from './problems-reports.ts'
export { formatProblemsText, type ProblemsTextOptions } from './problems-text.ts'
export {
  createDrillReporter,
  type DrillReporter,
  formatCheckProofs,
  formatProofsJunit,
  formatProofsMarkdown,
  formatTrial,
} from './proofs-reports.ts'
export type { KeptFile } from './run-export/run-record.ts'
export { createRunReporter, formatRecap, type RunReporterOptions } from './run-terminal/run-terminal.ts'
export { type SarifReport, type SarifResult, type SarifRule, writeSarif } from './sarif.ts'
export { fitText, formatSection, measure, shortenText, wrapText } from './wrap-text.ts'
