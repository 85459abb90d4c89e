import { listIncidents, observeAlerts } from '../../operate/index.ts'
import type { ServerParts } from '../server-parts.ts'

/** Writes into the open incidents of an environment which alerts began and ended, whenever its sources were asked and all have answered. */
export async function recordAlerts(
  environment: string,
  { store, now, actor, account, say }: ServerParts,
): Promise<void> {
  const firing = now.firing(environment)
  if (!firing) return
  // Where Alertmanager is asked, its own labels count: Prometheus knows the same alert with fewer.
  const known = firing.filter(({ quiet }) => quiet !== 'not in Alertmanager')
  try {
    for (const { id } of await listIncidents(store, { environments: [environment] }))
      await observeAlerts(store, id, known, actor(account))
  } catch (error) {
    say(`What fires could not be written into an incident: ${error instanceof Error ? error.message : error}`)
  }
}
