export { createRunReporter } from './run-terminal.ts'
