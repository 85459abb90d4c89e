export { type AssessProgress, createAssessProgress } from './assess-progress.ts'
export { formatClock, formatMoment, nameZone } from './clock.ts'
export {
  assessFormats,
  type CheckReport,
  checkFormats,
  drillFormats,
  type ExportedRun,
  type Formats,
  runFormats,
} from './formats.ts'
export { type JunitCase, type JunitReport, type JunitSuite, writeJunit } from './junit.ts'
export { type Cell, writeMarkdownTable } from './markdown-table.ts'
export { formatProblemsJson, formatProblemsJunit, formatProblemsMarkdown } from './problems-reports.ts'
export { formatProblemsSarif, type ReportedRule } from './problems-sarif.ts'
export { formatProblemsText, type ProblemsTextOptions } from './problems-text.ts'
export { formatProofsJunit, formatProofsMarkdown } from './proofs-reports.ts'
export { createDrillReporter, type DrillReporter, formatCheckProofs, formatTrial } from './proofs-terminal.ts'
export { formatRecap } from './recap.ts'
export type { KeptFile } from './run-export/run-record.ts'
export { createRunReporter, type RunReporterOptions } from './run-terminal.ts'
export { type SarifReport, type SarifResult, type SarifRule, writeSarif } from './sarif.ts'
export { formatSection, wrapText } from './wrap-text.ts'
