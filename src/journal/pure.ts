// The door for what a browser runs, too: nothing behind it asks anything of the machine.
export { describeStartAlert } from './asked-alerts.ts'
export { findAwaited } from './find-awaited.ts'
export { applyEvent, foldRun } from './fold-run.ts'
export { describeChange, describeMore } from './unreverted.ts'
export { explainEnding } from './verdict.ts'
export { findWordToType } from './word-to-type.ts'
