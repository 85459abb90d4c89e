import type { AskedAlerts, Outcome } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Taking } from './take-step.ts'

/** How a flow ended, before the run's bookkeeping. A runbook is ruled out only with what was asked about its alerts; a step, with its reason. */
export type Ending =
  | {
      readonly outcome: Exclude<Outcome, 'ruled-out'>
      readonly reason?: string
      /** Why it was not allowed to go on, if it was not. */
      readonly refused?: string
      readonly alerts?: AskedAlerts
    }
  | { readonly outcome: 'ruled-out'; readonly alerts: AskedAlerts; readonly reason?: never; readonly refused?: never }
  | { readonly outcome: 'ruled-out'; readonly reason: string; readonly alerts?: never; readonly refused?: never }

/** How a step that must succeed ends the run, if it does. */
export function endedBy(step: Step, taking: Exclude<Taking, { status: 'back' }>): Ending | undefined {
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
