/** What somebody who audits looks for. */
export type AuditKind =
  | 'danger'
  | 'approval'
  | 'break-glass'
  | 'unrecorded'
  | 'roll-back'
  | 'resumed'
  | 'restore'
  | 'unlocked'
  | 'pruned'
  | 'roles'
  | 'review'

/** One thing that was done, by whom and when. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly kind: AuditKind
  readonly by: string
  readonly what: string
  readonly environment?: string
  readonly run?: string
}
