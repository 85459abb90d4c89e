import type { RunEvent } from './event.ts'

/** The approval that a run waits for now; nothing when it waits for none. */
export function findAwaited(events: readonly RunEvent[]): Extract<RunEvent, { type: 'run.waiting' }> | undefined {
  const last = events.findLast(({ type }) => SETTLES.includes(type) || type === 'run.waiting')
  return last?.type === 'run.waiting' && last.for === 'approval' ? last : undefined
}

/** What follows an approval, or makes it needless. */
const SETTLES: readonly string[] = ['step.approved', 'step.unapproved', 'step.started', 'step.finished', 'run.finished']
