import { listIncidents, observeAlerts } from '../../operate/index.ts'
import type { ServerParts } from '../server-parts.ts'

/** Writes into the open incidents of an environment which alerts began and ended, as far as that is known. */
export async function recordAlerts(
  environment: string,
  { store, now, actor, account, say }: ServerParts,
): Promise<void> {
  const seen = now.seen(environment)
  if (!seen.all && seen.firing.length === 0 && seen.ended?.length === 0) return
  try {
    for (const { id } of await listIncidents(store, { environments: [environment] }))
      await observeAlerts(store, id, seen, actor(account))
  } catch (error) {
    say(`What fires could not be written into an incident: ${error instanceof Error ? error.message : error}`)
  }
}
