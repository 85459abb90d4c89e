export { type AssessProgress, createAssessProgress } from './assess-progress.ts'
export { createDrillReporter, type DrillReporter } from './drill-terminal.ts'
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
export { formatProblemsJson } from './problems-json.ts'
export { formatProblemsJunit } from './problems-junit.ts'
export { formatProblemsMarkdown } from './problems-markdown.ts'
export { formatProblemsSarif, type ReportedRule } from './problems-sarif.ts'
export { formatProblemsText, type ProblemsTextOptions } from './problems-text.ts'
export { formatProofsJunit } from './proofs-junit.ts'
export { formatProofsMarkdown } from './proofs-markdown.ts'
export { formatCheckProofs, formatTrial } from './prove-terminal.ts'
export { formatRecap } from './recap.ts'
export type { KeptFile } from './run-export/run-record.ts'
export { createRunReporter } from './run-terminal.ts'
export { type SarifReport, type SarifResult, type SarifRule, writeSarif } from './sarif.ts'
export { formatSection } from './section-text.ts'
export { wrapText } from './wrap-text.ts'
