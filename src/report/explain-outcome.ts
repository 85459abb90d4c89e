import { judgeAskedAlerts, type RunState } from '../journal/index.ts'

/** Why a run ended as it did, in no more words than were measured; nothing when its outcome says it all, or it has none yet. */
export function explainOutcome({
  outcome,
  reason,
  refused,
  alerts,
}: Pick<RunState, 'outcome' | 'reason' | 'refused' | 'alerts'>): string | undefined {
  if (reason !== undefined) return reason === '' ? undefined : `${refused === undefined ? '' : 'Refused: '}${reason}`
  switch (outcome) {
    case 'healed':
      return 'A mitigation was taken, and Verify passed.'
    case 'ruled-out':
      return `${judgeAskedAlerts(alerts).sentence} No mitigation was taken.`
    case 'passed':
    case 'inconclusive':
    case 'failed':
    case 'cancelled':
    case 'interrupted':
    case undefined:
      return undefined
    default:
      return outcome satisfies never
  }
}
