import { createHash } from 'node:crypto'
import { type Actor, foldIncident, type RunStore } from '../../journal/index.ts'

/** An alert that fires, as far as an incident's record has it: its labels may hold names that belong to customers. */
export interface ObservedAlert {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly severity?: string
  /** ISO 8601, UTC. */
  readonly since?: string
}

/**
 * Writes down which alerts began and ended, in an open incident. `firing` must be all that fire: what is not among them fires no more. Several
 * may observe the same: each begin and each end is one entry. Gives whether there was anything new.
 */
export async function observeAlerts(
  store: RunStore,
  incident: string,
  firing: readonly ObservedAlert[],
  by: Actor,
): Promise<boolean> {
  const state = foldIncident((await store.incidents.read(incident))?.events ?? [])
  if (!state || state.closed) return false
  const now = firing.map(({ name, labels, severity, since = '' }) => ({ id: identify(labels), name, severity, since }))
  const open = state.alerts.filter(({ ended }) => ended === undefined)
  const began = now.filter(alert => !open.some(({ id }) => id === alert.id)).slice(0, MOST - state.alerts.length)
  const ended = open.filter(alert => !now.some(({ id }) => id === alert.id))
  for (const { id, name, severity, since } of began) {
    const fact = { type: 'alert.began', id, name, ...(severity === undefined ? {} : { severity }), since } as const
    // Which time it is: one that comes again has another number.
    const times = state.alerts.filter(alert => alert.id === id).length
    await store.incidents.add(incident, { fact, by, key: `alert ${id} began ${times}` })
  }
  for (const { id, name } of ended) {
    const times = state.alerts.filter(alert => alert.id === id).length
    const fact = { type: 'alert.ended', id, name } as const
    await store.incidents.add(incident, { fact, by, key: `alert ${id} ended ${times}` })
  }
  return began.length + ended.length > 0
}

/** The most alerts in the record of one incident: more tell nobody more. */
const MOST = 200

function identify(labels: ObservedAlert['labels']): string {
  const sorted = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return createHash('sha256').update(sorted).digest('hex').slice(0, 12)
}
