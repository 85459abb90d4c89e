import { findRunning } from './running-block.ts'

/** Has `process.exit` fail the block that calls it; what a block left behind cannot end this process any more. */
export function guardExit(): void {
  process.exit = code =>
    findRunning('process.exit').leave(
      new Error(`process.exit(${code ?? ''}) was called: a block ends with return, or with throw`),
    )
}
