/** Where an acknowledged upload stands. */
export type DeliveryState = 'pending' | 'delivered' | 'held'

/** An acknowledged upload. */
export interface UploadRow {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly lastError: string | null
  readonly acknowledgedAt: Date
  readonly deliveredAt: Date | null
  readonly owner: string | null
}

/** The select list that gives an UploadRow; sizes stay below 2^53, so a number holds them. */
export const uploadColumns = `
  id, name, size::float8 as size, sha256, state, reason, attempts, last_error as "lastError",
  acknowledged_at as "acknowledgedAt", delivered_at as "deliveredAt", owner
`
