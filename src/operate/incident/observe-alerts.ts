import { createHash } from 'node:crypto'
import { type Actor, foldIncident, type RunStore } from '../../journal/index.ts'

/** An alert that fires, as far as an incident's record has it: its labels may hold names that belong to customers. */
export interface ObservedAlert {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly severity?: string
  /** ISO 8601, UTC. */
  readonly since?: string
  /** Whether it was handed over, where nobody can be asked: its end is known only when that is handed over, too. */
  readonly handedOver?: true
}

/** What was seen of the alerts of an environment. */
export interface SeenAlerts {
  readonly firing: readonly ObservedAlert[]
  /** Whether these are all that fire: what is not among them, and was not handed over, fires no more. */
  readonly all: boolean
  /** Those that were handed over as ended. */
  readonly ended?: readonly Pick<ObservedAlert, 'labels'>[]
}

/**
 * Writes down which alerts began and ended, in an open incident. Several may observe the same: each begin and each end is one entry. Gives
 * whether there was anything new.
 */
export async function observeAlerts(
  store: RunStore,
  incident: string,
  { firing, all, ended: over = [] }: SeenAlerts,
  by: Actor,
): Promise<boolean> {
  const state = foldIncident((await store.incidents.read(incident))?.events ?? [])
  if (!state || state.closed) return false
  const now = firing.map(({ labels, since = '', ...alert }) => ({ ...alert, id: identify(labels), since }))
  const fires = new Set(now.map(({ id }) => id))
  const isOver = new Set(over.map(({ labels }) => identify(labels)))
  // Of two servers one may not have been told that it ended: the same alert does not begin twice at one time.
  const isKnown = ({ id, since, handedOver }: (typeof now)[number]) =>
    state.alerts.some(one => one.id === id && (one.ended === undefined || (handedOver && one.since === since)))
  const began = now.filter(alert => !isKnown(alert)).slice(0, Math.max(0, MOST - state.alerts.length))
  const ended = state.alerts.filter(
    ({ id, ended, handedOver }) =>
      ended === undefined && !fires.has(id) && (isOver.has(id) || (all && handedOver === undefined)),
  )
  for (const { id, name, severity, since, handedOver } of began) {
    const more = { ...(severity === undefined ? {} : { severity }), ...(handedOver ? { handedOver } : {}) }
    const fact = { type: 'alert.began', id, name, since, ...more } as const
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
