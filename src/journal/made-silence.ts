/** A silence that a step made. */
export interface MadeSilence {
  /** Alertmanager's id of it. */
  readonly id: string
  readonly alerts: readonly string[]
  /** When it ends by itself: ISO 8601, UTC. */
  readonly until: string
  readonly why: string
}
