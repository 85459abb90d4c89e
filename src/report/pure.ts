// The door for what a browser runs, too: what a page says of a run is what a terminal says.
export { formatValue, nameOfPhase, nameStatus } from './describe-run.ts'
export { collectFindings } from './findings.ts'
export { formatClock, formatMoment } from './format-time.ts'
export { createAskedParam } from './run-terminal/asked-param.ts'
export { formatEnding } from './run-terminal/run-ending.ts'
