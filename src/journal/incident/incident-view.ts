import type { IncidentState } from './fold-incident.ts'
import type { Severity } from './incident-event.ts'

/** What happened at a moment of an incident, in a sentence. */
export interface TimelineEntry {
  /** `i7` for the incident's own seventh event; `RUN.7` for one of a run. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly kind: 'incident' | 'alert' | 'run' | 'change' | 'word' | 'note' | 'question'
  readonly text: string
  readonly by?: string
  /** The run that it is about. */
  readonly run?: string
  readonly pinned?: true
}

/** A change that a run made in the incident's environment while the incident was open. */
export interface ChangeMade {
  readonly run: string
  readonly step: string
  readonly title: string
  readonly by: string
  readonly time: string
  /** `open`: it was begun, and not seen to end well: it may be partially done. */
  readonly state: 'stands' | 'reverted' | 'open'
}

/** An incident as it stands: its own events, and what runs did in its environment. */
export interface IncidentView extends IncidentState {
  readonly changes: readonly ChangeMade[]
  /** The runs that left changes unreverted. */
  readonly unreverted: readonly { readonly run: string; readonly changes: readonly string[] }[]
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[]
  /** When something happened first, as far as it is known: an alert fired, it was declared, something was changed, a run healed. */
  readonly measured: {
    readonly detected?: string
    readonly declared: string
    readonly firstChange?: string
    readonly healed?: string
  }
  /** Why not all of it can be read. */
  readonly damaged?: string
}

/** An incident, for a line of a list. */
export interface IncidentCard {
  readonly id: string
  readonly environment: string
  readonly declared: string
  readonly severity?: Severity
  readonly sees?: string
  readonly commander?: string
  readonly due?: string
  readonly closed?: string
}
