import type { RunEvent } from '../../../journal/index.ts'

/** What a step printed, in lines: the last ones, when there are many. */
export interface Output {
  readonly lines: readonly string[]
  /** How many lines before them are not shown. */
  readonly dropped: number
  /** Whether the last line has an end yet. */
  readonly open: boolean
  /** Whether the record says that something between was not kept in it. */
  readonly gaps: boolean
}

export const NO_OUTPUT: Output = { lines: [], dropped: 0, open: false, gaps: false }

/** The most lines that a page shows: a browser lays them out anew with each that comes. */
const MOST = 2000

/** The lines after one more piece, which may begin and end in the middle of a line. */
export function addOutput(before: Output, event: Extract<RunEvent, { type: 'step.output' }>): Output {
  const missing = event.skipped !== undefined || event.unkept !== undefined
  const start = before.open && !missing ? (before.lines.at(-1) ?? '') : ''
  const kept = before.open && !missing ? before.lines.slice(0, -1) : before.lines
  const pieces = `${start}${event.text}`.split('\n')
  const last = pieces.at(-1) === '' ? pieces.pop() : undefined
  const lines = [...kept, ...(missing ? [sayMissing(event)] : []), ...pieces]
  const over = Math.max(0, lines.length - MOST)
  return {
    lines: over === 0 ? lines : lines.slice(over),
    dropped: before.dropped + over,
    open: last === undefined && pieces.length > 0,
    gaps: before.gaps || missing,
  }
}

function sayMissing({ skipped, unkept }: { readonly skipped?: number; readonly unkept?: number }): string {
  return unkept === undefined
    ? `… ${skipped} more bytes, which are in the step’s whole output`
    : `… ${unkept} bytes were not kept: the record had no room`
}
