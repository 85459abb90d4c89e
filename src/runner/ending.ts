import { atLeastOne, type Verdict } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Taking } from './take-step.ts'

/** How a step that must succeed ends the run, if it does. */
export function endedBy(step: Step, taking: Exclude<Taking, { status: 'back' }>): Verdict | undefined {
  switch (taking.status) {
    case 'passed':
    case 'skipped':
    case 'interrupted':
      return undefined
    case 'refused':
      return { outcome: 'inconclusive', reason: taking.reason, refused: taking.reason }
    case 'stopped':
      return { outcome: 'interrupted', reason: `stopped at “${step.title}”` }
    case 'cancelled':
      return { outcome: 'cancelled' }
    case 'failed':
    case 'timed-out':
    case 'blocked':
    case 'ruled-out':
      return { outcome: 'failed', reason: `“${step.title}” ${VERBS[taking.status]}` }
    default:
      return taking satisfies never
  }
}

const VERBS = {
  failed: 'failed',
  'timed-out': 'did not end in time',
  blocked: 'is blocked',
  'ruled-out': 'ruled itself out',
} as const

/** Which steps passed and which were skipped: what a flow stands on that comes to its end. */
export interface Tally {
  readonly passed: Set<string>
  readonly skipped: Set<string>
}

/** Nothing counted yet. */
export function emptyTally(): Tally {
  return { passed: new Set(), skipped: new Set() }
}

/** Keeps count of how a step was taken, anew when somebody went back to it. */
export function count({ passed, skipped }: Tally, { id }: Step, { status }: Taking): void {
  passed.delete(id)
  skipped.delete(id)
  if (status === 'passed') passed.add(id)
  else skipped.add(id)
}

/** How a flow ends when all its steps were taken: it has passed only if one of them did. */
export function endedWith({ passed, skipped }: Tally, reason?: string): Verdict {
  const some = atLeastOne([...passed])
  if (some)
    return {
      outcome: 'passed',
      basis: { passed: some, skipped: [...skipped] },
      ...(reason === undefined ? {} : { reason }),
    }
  const which = [...skipped].map(id => `#${id}`).join(', ')
  return { outcome: 'inconclusive', reason: which === '' ? 'nothing was run' : `nothing came to a result: ${which}` }
}
