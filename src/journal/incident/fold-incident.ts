import type { IncidentEvent, IncidentRole, Severity } from './incident-event.ts'

/** What somebody asked in an incident, and the answer once there is one. */
export interface IncidentQuestion {
  readonly id: number
  readonly text: string
  readonly by: string
  readonly time: string
  readonly answer?: string
}

/** An alert that fired in an incident. */
export interface IncidentAlert {
  readonly id: string
  readonly name: string
  readonly since: string
  /** Whether only its own message tells of its end. */
  readonly handedOver?: true
  /** When it was seen to fire no more. */
  readonly ended?: string
}

/** An incident as its own events tell it: without what runs did. */
export interface IncidentState {
  readonly id: string
  readonly environment: string
  readonly deployment?: string
  readonly declared: string
  readonly declaredBy: string
  readonly severity?: Severity
  /** What customers see, in a sentence. */
  readonly sees?: string
  /** Who has which role. */
  readonly roles: Partial<Readonly<Record<IncidentRole, string>>>
  /** To whom a role was offered who has not accepted it. */
  readonly offers: Partial<Readonly<Record<IncidentRole, string>>>
  /** What was told outside last. */
  readonly word?: { readonly text: string; readonly time: string }
  /** When the next word is due: as promised, else as the severity asks for. */
  readonly due?: string
  readonly questions: readonly IncidentQuestion[]
  readonly alerts: readonly IncidentAlert[]
  readonly pinned: readonly string[]
  /** What chats were not told, by the number of the event. */
  readonly untold: readonly number[]
  readonly closed?: { readonly time: string; readonly by: string; readonly reason?: string }
  readonly postmortem?: string
}

const MINUTE = 60_000
/**
 * How soon customers hear of an incident, and then how often, in milliseconds, as docs/incidents/index.md says. At SEV3 nobody waits for a
 * word.
 */
export const WORDS: Partial<Readonly<Record<Severity, { readonly first: number; readonly later: number }>>> = {
  SEV1: { first: 15 * MINUTE, later: 30 * MINUTE },
  SEV2: { first: 60 * MINUTE, later: 120 * MINUTE },
}

/** Folds an incident's events. Nothing when the first one does not declare it. */
export function foldIncident(events: readonly IncidentEvent[]): IncidentState | undefined {
  const [first, ...others] = events
  if (first?.type !== 'incident.declared') return undefined
  let state: Folding = {
    id: first.incident,
    environment: first.environment,
    ...(first.deployment === undefined ? {} : { deployment: first.deployment }),
    declared: first.time,
    declaredBy: first.by.user,
    // Whoever declares it leads it, until somebody else says so.
    roles: { commander: first.by.user },
    offers: {},
    questions: [],
    alerts: [],
    pinned: [],
    untold: [],
  }
  for (const event of others) state = apply(state, event)
  const { promised, ...rest } = state
  const due = rest.closed ? undefined : (promised ?? findDue(rest))
  return due === undefined ? rest : { ...rest, due }
}

interface Folding extends IncidentState {
  /** When the next word was promised for. */
  readonly promised?: string
}

function findDue({ severity, word, declared }: IncidentState): string | undefined {
  const words = severity && WORDS[severity]
  if (!words) return undefined
  return new Date(word ? Date.parse(word.time) + words.later : Date.parse(declared) + words.first).toISOString()
}

function apply(state: Folding, event: IncidentEvent): Folding {
  const { seq, time, by } = event
  switch (event.type) {
    case 'incident.declared':
    case 'note.added':
      return state
    case 'incident.described': {
      const { severity, sees } = event
      return { ...state, ...(severity === undefined ? {} : { severity }), ...(sees === undefined ? {} : { sees }) }
    }
    case 'role.offered':
      return { ...state, offers: { ...state.offers, [event.role]: event.to } }
    case 'role.accepted': {
      const { [event.role]: _, ...offers } = state.offers
      return { ...state, offers, roles: { ...state.roles, [event.role]: event.to } }
    }
    case 'word.given': {
      const { promised: _, ...rest } = state
      const word = { text: event.text, time }
      return event.next === undefined ? { ...rest, word } : { ...rest, word, promised: event.next }
    }
    case 'word.promised':
      return { ...state, promised: event.next }
    case 'question.opened':
      return { ...state, questions: [...state.questions, { id: seq, text: event.text, by: by.user, time }] }
    case 'question.answered':
      return {
        ...state,
        questions: state.questions.map(one => (one.id === event.question ? { ...one, answer: event.text } : one)),
      }
    case 'entry.pinned': {
      const others = state.pinned.filter(entry => entry !== event.entry)
      return { ...state, pinned: event.pinned ? [...others, event.entry] : others }
    }
    case 'alert.began': {
      const { id, name, since, handedOver } = event
      const alert = { id, name, since, ...(handedOver ? { handedOver } : {}) }
      return { ...state, alerts: [...state.alerts, alert] }
    }
    case 'alert.ended':
      return {
        ...state,
        alerts: state.alerts.map(alert =>
          alert.id === event.id && alert.ended === undefined ? { ...alert, ended: time } : alert,
        ),
      }
    case 'chat.told': {
      const untold = state.untold.filter(of => of !== event.of)
      return { ...state, untold: event.why === undefined ? untold : [...untold, event.of] }
    }
    case 'postmortem.drafted':
      return { ...state, postmortem: event.path }
    case 'incident.closed': {
      const reason = event.reason === undefined ? {} : { reason: event.reason }
      return { ...state, closed: { time, by: by.user, ...reason } }
    }
    default:
      return event satisfies never
  }
}
