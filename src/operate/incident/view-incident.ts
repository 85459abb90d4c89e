import {
  foldIncident,
  type IncidentCard,
  type IncidentEvent,
  type IncidentView,
  type RunStore,
  type TimelineEntry,
} from '../../journal/index.ts'
import { foldAlerts } from './fold-alerts.ts'
import { listRunsSince, type RunMemory, type ToldRun, tellRun } from './tell-run.ts'

/**
 * An incident as it stands: its own events, and what runs did in its environment. Nothing when there is none. `memory` keeps what runs did that
 * are over, for whoever looks again and again.
 */
export async function viewIncident(
  store: RunStore,
  incident: string,
  memory: RunMemory = new Map(),
): Promise<IncidentView | undefined> {
  const recorded = await store.incidents.read(incident)
  const state = recorded && foldIncident(recorded.events)
  if (!recorded || !state) return undefined
  const { environment, deployment, declared, closed, alerts, pinned } = state
  const detected = alerts
    .map(({ since }) => since)
    .filter(Boolean)
    .toSorted()[0]
  const from = detected !== undefined && detected < declared ? detected : declared
  const { runs, unreadable } = await listRunsSince(store, { environment, deployment, from, to: closed?.time })
  const told = await Promise.all(runs.map(run => tellRun(store, run, memory)))
  const unreverted = await listUnreverted(store, state, told)
  const isWithin = ({ time }: { readonly time: string }) => time >= from && (!closed || time <= closed.time)
  // What was written down about it later belongs to it all the same.
  const entries = [
    // Which line stands out is seen at the line.
    ...recorded.events.filter(({ type }) => type !== 'entry.pinned').map(describeEvent),
    ...told.flatMap(({ entries }) => entries).filter(isWithin),
  ].toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  const changes = told.flatMap(({ changes }) => changes).filter(isWithin)
  const firstChange = changes.map(({ time }) => time).toSorted()[0]
  const healed = told
    .flatMap(({ healed }) => (healed !== undefined && isWithin({ time: healed }) ? healed : []))
    .toSorted()
    .at(-1)
  const problems = [
    ...(recorded.badLine === undefined ? [] : [`line ${recorded.badLine} of its record is not what was written`]),
    ...unreadable.map(run => `the record of run ${run} cannot be read whole`),
  ]
  return {
    ...state,
    changes,
    unreverted,
    timeline: foldAlerts(
      entries.map(entry => (pinned.includes(entry.id) ? { ...entry, pinned: true as const } : entry)),
    ),
    measured: {
      ...(detected === undefined ? {} : { detected }),
      declared,
      ...(firstChange === undefined ? {} : { firstChange }),
      ...(healed === undefined ? {} : { healed }),
    },
    ...(problems.length > 0 ? { damaged: problems.join('; ') } : {}),
  }
}

/** The incidents of these environments, newest first; open ones only, unless all are wanted. */
export async function listIncidents(
  store: RunStore,
  { environments, all = false, limit = 100 }: ListOptions = {},
): Promise<IncidentCard[]> {
  const cards: IncidentCard[] = []
  for (const id of await store.incidents.list()) {
    if (cards.length >= limit) break
    const state = foldIncident((await store.incidents.read(id))?.events ?? [])
    if (!state || (environments && !environments.includes(state.environment)) || (state.closed && !all)) continue
    const { environment, declared, severity, sees, roles, due, closed } = state
    cards.push({
      id,
      environment,
      declared,
      ...(severity === undefined ? {} : { severity }),
      ...(sees === undefined ? {} : { sees }),
      ...(roles.commander === undefined ? {} : { commander: roles.commander }),
      ...(due === undefined ? {} : { due }),
      ...(closed === undefined ? {} : { closed: closed.time }),
    })
  }
  return cards
}

/** Which incidents are listed. */
export interface ListOptions {
  readonly environments?: readonly string[]
  readonly all?: boolean
  readonly limit?: number
}

async function listUnreverted(
  store: RunStore,
  { environment, deployment }: Pick<IncidentView, 'environment' | 'deployment'>,
  told: readonly ToldRun[],
): Promise<IncidentView['unreverted']> {
  const own = new Set(told.map(({ run }) => run))
  return (await store.unreverted(environment, deployment))
    .filter(({ run }) => own.has(run))
    .map(({ run, standing, unknown }) => ({
      run,
      changes: [...standing.map(({ title }) => title), ...(unknown === undefined ? [] : [`unknown: ${unknown}`])],
    }))
}

/** An event of the incident itself, in a sentence. */
function describeEvent(event: IncidentEvent): TimelineEntry {
  const { seq, time, by } = event
  const entry = (kind: TimelineEntry['kind'], text: string): TimelineEntry => ({
    id: `i${seq}`,
    time,
    kind,
    text,
    by: by.user,
  })
  switch (event.type) {
    case 'incident.declared':
      return entry('incident', 'The incident was declared')
    case 'incident.described':
      return entry(
        'incident',
        [
          ...(event.severity === undefined ? [] : [`Severity ${event.severity}`]),
          ...(event.sees === undefined ? [] : [`Customers see: ${event.sees}`]),
        ].join('. '),
      )
    case 'role.offered':
      return entry('incident', `${NAMES[event.role]} is handed to ${event.to}, who has not accepted it yet`)
    case 'role.accepted':
      return entry('incident', `${NAMES[event.role]} is ${event.to} now`)
    case 'word.given':
      return entry('word', `Told outside: ${event.text}`)
    case 'word.promised':
      return entry('word', `The next word is promised for ${event.next.slice(11, 16)} UTC`)
    case 'note.added':
      return entry('note', event.from === undefined ? event.text : `${event.text} (from ${event.from})`)
    case 'question.opened':
      return entry('question', `Question ${seq}: ${event.text}`)
    case 'question.answered':
      return entry('question', `Answer to question ${event.question}: ${event.text}`)
    case 'entry.pinned':
      return entry('incident', `${event.pinned ? 'Pinned' : 'Unpinned'}: entry ${event.entry}`)
    case 'alert.began':
      return {
        ...entry('alert', `${event.name} fires${event.since === '' ? '' : `, since ${event.since.slice(11, 19)} UTC`}`),
        // It was seen later than it began.
        time: event.since !== '' && event.since < time ? event.since : time,
      }
    case 'alert.ended':
      return entry('alert', `${event.name} was seen to fire no more`)
    case 'chat.told':
      return entry(
        'word',
        event.why === undefined ? `The chat on ${event.host} was told` : `The chat was not told: ${event.why}`,
      )
    case 'postmortem.drafted':
      return entry('incident', `A draft of the postmortem was written: ${event.path}`)
    case 'incident.closed':
      return entry('incident', `The incident was closed${describeReason(event)}`)
    default:
      return event satisfies never
  }
}

function describeReason({ reason, unreverted }: Extract<IncidentEvent, { type: 'incident.closed' }>): string {
  const left = unreverted.length === 0 ? '' : `, with unreverted changes of ${unreverted.join(', ')}`
  return `${left}${reason === undefined ? '' : `: ${reason}`}`
}

/** The roles as they are said. */
const NAMES = { commander: 'Commander', acts: 'Who acts', talks: 'Who talks' } as const
