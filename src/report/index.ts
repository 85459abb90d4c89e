export { createDrillReporter, type DrillReporter } from './drill-terminal.ts'
export { formatProblemsJson } from './problems-json.ts'
export { formatProblemsText, type ProblemsTextOptions } from './problems-text.ts'
export { createRunReporter } from './run-terminal.ts'
