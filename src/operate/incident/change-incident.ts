import { randomUUID } from 'node:crypto'
import {
  type Actor,
  type AddedEntry,
  foldIncident,
  type IncidentEvent,
  type IncidentFact,
  type IncidentState,
  type RunStore,
} from '../../journal/index.ts'
import { RefusedError, UsageError } from '../errors.ts'
import type { IncidentChange } from './incident-change.ts'
import { viewIncident } from './view-incident.ts'

/** Who changes an incident, and by which key that is known again when it is sent twice. */
export interface ChangeOptions {
  readonly by: Actor
  readonly key?: string
  readonly now?: Date
  /** The name of a chat from which a note comes. */
  readonly from?: string
}

/** Declares an incident. All else is said later. Rejects when nothing can be kept. */
export function declareIncident(
  store: RunStore,
  { environment, deployment }: { readonly environment: string; readonly deployment?: string | undefined },
  { by, key = randomUUID() }: ChangeOptions,
): Promise<AddedEntry> {
  const fact = { type: 'incident.declared', environment, ...(deployment === undefined ? {} : { deployment }) } as const
  return store.incidents.declare({ fact, by, key })
}

/**
 * Changes an incident as a person asks for. Throws a `UsageError` for what there is not, and a `RefusedError` for what may not be now: the
 * incident is closed, the role was offered to somebody else, or changes are unreverted and nobody said why it is closed all the same.
 */
export async function changeIncident(
  store: RunStore,
  incident: string,
  change: IncidentChange,
  { by, key = randomUUID(), now = new Date(), from }: ChangeOptions,
): Promise<AddedEntry> {
  const unreverted = change.do === 'close' ? await listLeft(store, incident) : []
  const fact = readFact(change, { by, now, from, unreverted })
  if (!(await store.incidents.read(incident)))
    throw new UsageError(`There is no incident ${incident}`, 'See handbook incident list')
  const added = await store.incidents.add(incident, { fact, by, key }, ({ events }) =>
    demandPossible(fact, events, change.do === 'accept' ? by.user : undefined),
  )
  if (!added.isNew && !isSame(added.event, fact))
    throw new RefusedError('This key recorded something else', 'Give each change a key of its own')
  return added
}

/** Whether an event says what a fact does; what is counted from now is another each time that it is sent. */
function isSame(event: IncidentEvent, fact: IncidentFact): boolean {
  const told = new Map<string, unknown>(Object.entries(event))
  return Object.entries(fact).every(([name, value]) => COUNTED.includes(name) || told.get(name) === value)
}

const COUNTED: readonly string[] = ['next', 'unreverted']

function readFact(
  change: IncidentChange,
  {
    by,
    now,
    from,
    unreverted,
  }: {
    readonly by: Actor
    readonly now: Date
    readonly from: string | undefined
    readonly unreverted: readonly string[]
  },
): IncidentFact {
  const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString()
  switch (change.do) {
    case 'describe': {
      const { severity, sees } = change
      if (severity === undefined && sees === undefined)
        throw new UsageError('Nothing is said', 'Give a severity, or what customers see')
      return {
        type: 'incident.described',
        ...(severity === undefined ? {} : { severity }),
        ...(sees === undefined ? {} : { sees }),
      }
    }
    case 'offer': {
      const { role, to } = change
      return { type: to === by.user ? 'role.accepted' : 'role.offered', role, to }
    }
    case 'accept':
      return { type: 'role.accepted', role: change.role, to: by.user }
    case 'word': {
      const { text, nextIn } = change
      return { type: 'word.given', text, ...(nextIn === undefined ? {} : { next: inMinutes(nextIn) }) }
    }
    case 'promise':
      return { type: 'word.promised', next: inMinutes(change.nextIn) }
    case 'note':
      return { type: 'note.added', text: change.text, ...(from === undefined ? {} : { from }) }
    case 'ask':
      return { type: 'question.opened', text: change.text }
    case 'answer':
      return { type: 'question.answered', question: change.question, text: change.text }
    case 'pin':
      return { type: 'entry.pinned', entry: change.entry, pinned: change.pinned }
    case 'close': {
      const { reason } = change
      if (unreverted.length > 0 && reason === undefined)
        throw new RefusedError(
          `Changes are unreverted, of ${unreverted.length === 1 ? 'run' : 'runs'} ${unreverted.join(', ')}`,
          `Roll them back: handbook runs roll-back ${unreverted[0]}. Or say why it is closed all the same: this is recorded`,
        )
      return { type: 'incident.closed', ...(reason === undefined ? {} : { reason }), unreverted }
    }
    default:
      return change satisfies never
  }
}

/** The runs of an incident that left changes unreverted. */
async function listLeft(store: RunStore, incident: string): Promise<string[]> {
  return (await viewIncident(store, incident))?.unreverted.map(({ run }) => run) ?? []
}

/** `accepts`: who accepts a role that must have been offered to them. */
function demandPossible(fact: IncidentFact, events: readonly IncidentEvent[], accepts: string | undefined): void {
  const state = foldIncident(events)
  if (!state) throw new UsageError('The record does not begin with a declaration')
  const { closed, offers } = state
  // What is learnt later is written down all the same.
  if (closed && !['note.added', 'question.answered', 'entry.pinned'].includes(fact.type))
    throw new RefusedError(`The incident was closed by ${closed.by}`, 'Declare a new one: handbook incident declare')
  if (fact.type === 'question.answered') demandOpen(fact.question, state)
  if (fact.type === 'role.accepted' && accepts !== undefined && offers[fact.role] !== accepts)
    throw new RefusedError(
      `Nobody handed ${fact.role} to ${accepts}`,
      `Take it, if nobody else does: handbook incident role ${fact.role} ${accepts}`,
    )
}

function demandOpen(id: number, { questions }: IncidentState): void {
  const question = questions.find(one => one.id === id)
  if (!question) throw new UsageError(`There is no question ${id}`, 'handbook incident show has their numbers')
  if (question.answer !== undefined)
    throw new RefusedError(`Question ${id} was answered: ${question.answer}`, 'Write a note: handbook incident note')
}
