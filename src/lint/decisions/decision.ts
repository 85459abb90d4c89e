import type { Suggested } from '../../journal/index.ts'

/** What the code of a block may decide, in its order. */
export interface Decisions {
  readonly suggests: readonly Omit<Suggested, 'step'>[]
  /** The words of its reasons to rule its cause out. */
  readonly rulesOut: readonly string[]
}

/** What a step of Diagnose may decide, as its block is written. */
export interface StepDecisions extends Decisions {
  readonly step: string
}

/** Stands in a reason for what is known only as the block runs. */
export const HOLE = '…'
