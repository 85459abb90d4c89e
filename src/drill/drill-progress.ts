import type { RunEvent } from '../journal/index.ts'

/** What a drill tells while it goes on. */
export type DrillProgress =
  | { readonly type: 'stage'; readonly drill: string; readonly stage: DrillStage; readonly detail?: string }
  | { readonly type: 'run'; readonly drill: string; readonly event: RunEvent }

/** Where a drill is: getting ready, the run on a healthy lab, the fault, the alert, the run, the alert's end, the count. */
export type DrillStage = 'lab' | 'control' | 'break' | 'fire' | 'heal' | 'clear' | 'count'
