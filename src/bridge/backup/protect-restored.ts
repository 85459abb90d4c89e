import type { PoolClient } from 'pg'
import { closeAdmission, readAdmission } from '../admission/admission.ts'

/** Why admission is closed and deliveries are paused where a backup was brought back, until somebody has seen to it. */
export const restoreReason = 'a backup is being restored'

/** Seconds that clients are told to wait meanwhile. */
const retryAfter = 300

/** Pauses deliveries in the rows that were just brought back; a pause that the backup holds stays, with its reason. */
export async function pauseRestored(client: PoolClient): Promise<void> {
  await client.query(
    `insert into upload_bridge.circuit (paused, reason) values (true, $1)
      on conflict (only_row) do update set paused = true, reason = excluded.reason, since = now()
        where not upload_bridge.circuit.paused`,
    [restoreReason],
  )
}

/** Closes admission in the state that was just brought back, unless it is closed. */
export async function closeRestored(statePath: string): Promise<void> {
  const admission = await readAdmission(statePath).catch(() => ({ open: true }))
  if (!admission.open) return
  const since = new Date().toISOString()
  await closeAdmission(statePath, { open: false, reason: 'maintenance', retryAfter, since, note: restoreReason })
}
